import { type FormEvent, useState } from 'react';
import { useFlow, useOpenFlow } from '../canvas/flow-context.tsx';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Textarea } from '../ui/input.tsx';

/** Changes what a flow is for, as the list of flows shows it. */
export function DescribeDialog({ onClose }: { readonly onClose: () => void }) {
  const { store } = useOpenFlow();
  const description = useFlow((state) => state.document.description);
  const [text, setText] = useState(description);
  const keep = (event: FormEvent) => {
    event.preventDefault();
    store.getState().dispatch({ type: 'describe_flow', description: text.trim() }, { label: t('edit.described') });
    onClose();
  };
  return (
    <Dialog open onOpenChange={(open) => open || onClose()} title={t('describe.title')} width="max-w-md">
      <form className="flex flex-col gap-4" onSubmit={keep}>
        <Field id="flow-description" label={t('describe.field')} help={t('describe.help')}>
          <Textarea
            id="flow-description"
            aria-describedby="flow-description-help"
            autoFocus
            rows={3}
            maxLength={500}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </Field>
        <div className="flex justify-end gap-2 pb-1">
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind="primary" type="submit">
            {t('describe.confirm')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
