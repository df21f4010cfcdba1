import type { ContactField } from '@signalbox/engine/contacts/contract';
import { type CustomFieldType, customFieldTypes } from '@signalbox/nodes/define/custom-fields';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { problemFrom, request } from '../lib/api.ts';
import { contactFieldsQuery } from '../lib/contact-fields.ts';
import { fieldNotes, formNote } from '../lib/form-problems.ts';
import { queryClient } from '../lib/queries.ts';
import { randomId } from '../lib/random-id.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, FormProblem } from '../ui/field.tsx';
import { Input, Textarea } from '../ui/input.tsx';
import { Select } from '../ui/select.tsx';

const isType = (value: string): value is CustomFieldType => customFieldTypes.some((type) => type === value);

/** Adds a field; of one that is there, its name and its options. */
export function FieldDialog({ field, onClose }: { readonly field: ContactField | null; readonly onClose: () => void }) {
  const [label, setLabel] = useState(field?.label ?? '');
  const [type, setType] = useState<CustomFieldType>(field?.type ?? 'text');
  const [written, setWritten] = useState((field?.options ?? []).join('\n'));
  const takesOptions = type === 'choice' || type === 'list';
  const options = written
    .split('\n')
    .map((option) => option.trim())
    .filter((option) => option !== '');
  const save = useMutation({
    mutationFn: () => {
      const body = { label: label.trim(), ...(takesOptions ? { options } : {}) };
      return field === null
        ? request<ContactField>('POST', '/contact-fields', { body: { ...body, type }, idempotencyKey: randomId() })
        : request<ContactField>('PATCH', `/contact-fields/${field.id}`, { body, revision: field.revision });
    },
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: contactFieldsQuery.queryKey });
      onClose();
    },
  });
  const problem = save.isError ? problemFrom(save.error) : null;
  const labelNotes = [...fieldNotes(problem, 'label'), ...fieldNotes(problem, 'key')];
  const optionNotes = (problem?.errors ?? [])
    .filter(({ path }) => path[0] === 'options')
    .map(({ message }) => ({ severity: 'error' as const, title: message, action: '' }));
  const above =
    optionNotes.length > 0
      ? null
      : formNote(problem, ['label', 'key'], {
          title: t('fields.changed_elsewhere'),
          action: t('fields.look_again'),
        });
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={field === null ? t('fields.add') : t('fields.edit_of', { label: field.label })}
      description={t(field === null ? 'fields.add_text' : 'fields.edit_text')}
      footer={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind="primary" disabled={save.isPending} onClick={() => save.mutate()}>
            {t('fields.save')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <FormProblem note={above} />
        <Field id="field-label" label={t('fields.label')} notes={labelNotes}>
          <Input
            id="field-label"
            autoFocus
            value={label}
            maxLength={60}
            aria-invalid={labelNotes.length > 0 || undefined}
            aria-describedby="field-label-problems"
            onChange={(event) => setLabel(event.target.value)}
          />
        </Field>
        {field === null ? (
          <Field id="field-type" label={t('fields.type')}>
            <Select
              id="field-type"
              label={t('fields.type')}
              value={type}
              choices={customFieldTypes.map((value) => ({
                value,
                label: t(`field_type.${value}`),
                help: t(`field_type.${value}.help`),
              }))}
              onChange={(value) => isType(value) && setType(value)}
            />
          </Field>
        ) : null}
        {takesOptions ? (
          <Field
            id="field-options"
            label={t('fields.options')}
            help={t(type === 'choice' ? 'fields.options.choice_help' : 'fields.options.list_help')}
            notes={optionNotes}
          >
            <Textarea
              id="field-options"
              rows={4}
              value={written}
              aria-invalid={optionNotes.length > 0 || undefined}
              aria-describedby="field-options-help field-options-problems"
              onChange={(event) => setWritten(event.target.value)}
            />
          </Field>
        ) : null}
      </div>
    </Dialog>
  );
}
