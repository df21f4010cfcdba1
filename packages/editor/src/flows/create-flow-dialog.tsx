import { MessageSquareText, PencilLine } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import type { Starter } from './starters.ts';

type CreateProps = {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly busy: boolean;
  readonly onCreate: (starter: Starter, name: string) => void;
};

const starters = [
  { id: 'empty', icon: PencilLine, title: 'starter.empty.title', text: 'starter.empty.text' },
  {
    id: 'keyword_reply',
    icon: MessageSquareText,
    title: 'starter.keyword_reply.title',
    text: 'starter.keyword_reply.text',
  },
] as const;

/** A name and what to begin with; Enter creates. */
export function CreateFlowDialog(props: CreateProps) {
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange} title={t('flows.create')} width="max-w-md">
      <Body {...props} />
    </Dialog>
  );
}

function Body({ onOpenChange, busy, onCreate }: CreateProps) {
  const [name, setName] = useState('');
  const [starter, setStarter] = useState<Starter>('empty');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onCreate(starter, name.trim());
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field id="new-flow-name" label={t('flow.name')}>
        <Input
          id="new-flow-name"
          autoFocus
          value={name}
          maxLength={80}
          placeholder={t('flows.untitled')}
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <fieldset className="grid gap-2">
        <legend className="mb-1.5 font-medium text-sm">{t('flows.begin_with')}</legend>
        {starters.map((each) => (
          <label
            key={each.id}
            className="flex cursor-pointer items-start gap-3 rounded-md border border-line p-3 transition-colors hover:bg-hover has-checked:border-action has-checked:bg-action-soft has-focus-visible:outline-2 has-focus-visible:outline-focus"
          >
            <input
              type="radio"
              name="starter"
              className="sr-only"
              checked={starter === each.id}
              onChange={() => setStarter(each.id)}
            />
            <each.icon aria-hidden className="mt-0.5 size-4 text-ink-2" />
            <span>
              <span className="block font-medium">{t(each.title)}</span>
              <span className="block text-ink-2 text-sm">{t(each.text)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div className="flex justify-end gap-2 pb-1">
        <Button onClick={() => onOpenChange(false)}>{t('action.cancel')}</Button>
        <Button kind="primary" type="submit" disabled={busy}>
          {t('flows.create')}
        </Button>
      </div>
    </form>
  );
}
