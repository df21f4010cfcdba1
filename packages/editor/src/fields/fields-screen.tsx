import type { ContactField } from '@signalbox/engine/contacts/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { ArrowDown, ArrowUp, Plus } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { problemFrom, problemLine, request } from '../lib/api.ts';
import { contactFieldsQuery } from '../lib/contact-fields.ts';
import { queryClient } from '../lib/queries.ts';
import { t, tOpen } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Section } from '../ui/section.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../ui/states.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { FieldDialog } from './field-dialog.tsx';

/** What a workspace asks of its people beside what everybody is asked. */
export function FieldsScreen() {
  const [editing, setEditing] = useState<ContactField | 'new' | null>(null);
  const fields = useQuery(contactFieldsQuery);
  const all = fields.data ?? [];
  const offered = all.filter(({ retired }) => !retired);
  const retired = all.filter((field) => field.retired);
  const add = (
    <Button kind="primary" onClick={() => setEditing('new')}>
      <Plus aria-hidden />
      {t('fields.add')}
    </Button>
  );
  return (
    <>
      <TopBar title={<ScreenTitle>{t('fields.title')}</ScreenTitle>} pageTitle={t('fields.title')}>
        {add}
      </TopBar>
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-3xl flex-col gap-5 px-4 py-5 md:px-8 md:py-7">
          {fields.isPending ? <SkeletonRows label={t('loading')} rows={4} /> : null}
          {fields.isError ? (
            <ErrorState problem={problemFrom(fields.error)} onRetry={() => void fields.refetch()} />
          ) : null}
          {fields.isSuccess && all.length === 0 ? (
            <EmptyState title={t('fields.empty.title')} text={t('fields.empty.text')} />
          ) : null}
          {offered.length === 0 ? null : (
            <Section title={t('fields.offered')} text={t('fields.offered.text')}>
              <FieldList label={t('fields.offered')} fields={offered} onEdit={setEditing} />
            </Section>
          )}
          {retired.length === 0 ? null : (
            <Section title={t('fields.retired')} text={t('fields.retired.text')}>
              <FieldList label={t('fields.retired')} fields={retired} onEdit={setEditing} />
            </Section>
          )}
        </div>
      </div>
      {editing === null ? null : (
        <FieldDialog field={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
      )}
    </>
  );
}

function FieldList({
  label,
  fields,
  onEdit,
}: {
  readonly label: string;
  readonly fields: readonly ContactField[];
  readonly onEdit: (field: ContactField) => void;
}) {
  return (
    <ul aria-label={label} className="divide-y divide-line rounded-md border border-line">
      {fields.map((field, index) => (
        <FieldRow
          key={field.id}
          field={field}
          above={fields[index - 1]?.position ?? null}
          below={fields[index + 1]?.position ?? null}
          onEdit={onEdit}
        />
      ))}
    </ul>
  );
}

function FieldRow({
  field,
  above,
  below,
  onEdit,
}: {
  readonly field: ContactField;
  /** Where the fields beside it stand; null at an end of the list. */
  readonly above: number | null;
  readonly below: number | null;
  readonly onEdit: (field: ContactField) => void;
}) {
  const { id, label, key, type, options, currency, retired, revision } = field;
  const change = useMutation({
    mutationFn: (body: { readonly position: number } | { readonly retired: boolean }) =>
      request<ContactField>('PATCH', `/contact-fields/${id}`, { body, revision }),
    onSettled: () => void queryClient.invalidateQueries({ queryKey: contactFieldsQuery.queryKey }),
    onError: (error) => toast.error(problemLine(problemFrom(error))),
  });
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2 pr-2 pl-3">
      <div className="min-w-0 flex-1 basis-56">
        <h3 dir="auto" className="font-medium [overflow-wrap:anywhere]">
          {label}
        </h3>
        <p className="flex flex-wrap gap-x-2 text-ink-3 text-sm">
          <span>{tOpen(`field_type.${type}`, type)}</span>
          {currency === null ? null : <span>{currency}</span>}
          {options.map((option) => (
            <bdi key={option} className="[overflow-wrap:anywhere]">
              {option}
            </bdi>
          ))}
          <code className="font-mono text-xs [overflow-wrap:anywhere]">{key}</code>
        </p>
      </div>
      <div className="flex items-center gap-1">
        {retired ? null : (
          <>
            <IconButton
              icon={ArrowUp}
              size="icon-sm"
              label={t('fields.up', { label })}
              disabled={above === null || change.isPending}
              onClick={() => above !== null && change.mutate({ position: above })}
            />
            <IconButton
              icon={ArrowDown}
              size="icon-sm"
              label={t('fields.down', { label })}
              disabled={below === null || change.isPending}
              onClick={() => below !== null && change.mutate({ position: below })}
            />
          </>
        )}
        <Button size="sm" aria-label={t('fields.edit_of', { label })} onClick={() => onEdit(field)}>
          {t('fields.edit')}
        </Button>
        <Button
          size="sm"
          aria-label={t(retired ? 'fields.bring_back_of' : 'fields.retire_of', { label })}
          disabled={change.isPending}
          onClick={() => change.mutate({ retired: !retired })}
        >
          {t(retired ? 'fields.bring_back' : 'fields.retire')}
        </Button>
      </div>
    </li>
  );
}
