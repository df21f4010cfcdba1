import type { ContactListEntry } from '@signalbox/engine/contacts/contract';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { problemFrom, request } from '../lib/api.ts';
import { contactListsQuery } from '../lib/contact-lists.ts';
import { fieldNotes, formNote } from '../lib/form-problems.ts';
import { queryClient } from '../lib/queries.ts';
import { randomId } from '../lib/random-id.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, FormProblem } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Select } from '../ui/select.tsx';

/** Adds a list or a tag, or renames one. */
export function ListDialog({
  entry,
  onClose,
}: {
  readonly entry: ContactListEntry | null;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState(entry?.name ?? '');
  const [kind, setKind] = useState<string>('list');
  const save = useMutation({
    mutationFn: () =>
      entry === null
        ? request<ContactListEntry>('POST', '/contact-lists', { body: { name, kind }, idempotencyKey: randomId() })
        : request<ContactListEntry>('PATCH', `/contact-lists/${entry.id}`, {
            body: { name },
            revision: entry.revision,
          }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: contactListsQuery.queryKey });
      onClose();
    },
  });
  const problem = save.isError ? problemFrom(save.error) : null;
  const above = formNote(problem, ['name'], { title: t('lists.changed_elsewhere'), action: t('fields.look_again') });
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={entry === null ? t('lists.new') : t('lists.rename_of', { name: entry.name })}
      footer={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind="primary" disabled={save.isPending} onClick={() => save.mutate()}>
            {t('lists.save')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <FormProblem note={above} />
        <Field id="list-name" label={t('lists.name')} notes={fieldNotes(problem, 'name')}>
          <Input
            id="list-name"
            autoFocus
            value={name}
            maxLength={80}
            aria-describedby="list-name-problems"
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        {entry === null ? (
          <Field id="list-kind" label={t('lists.kind')}>
            <Select
              id="list-kind"
              label={t('lists.kind')}
              value={kind}
              choices={[
                { value: 'list', label: t('lists.kind.list'), help: t('lists.kind.list.help') },
                { value: 'tag', label: t('lists.kind.tag'), help: t('lists.kind.tag.help') },
              ]}
              onChange={setKind}
            />
          </Field>
        ) : null}
      </div>
    </Dialog>
  );
}
