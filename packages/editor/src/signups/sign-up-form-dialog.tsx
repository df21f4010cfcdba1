import type { SignUpForm } from '@signalbox/engine/signups/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Chips } from '../forms/chips.tsx';
import { problemFrom, request } from '../lib/api.ts';
import { contactListsQuery } from '../lib/contact-lists.ts';
import { fieldNotes, formNote } from '../lib/form-problems.ts';
import { queryClient } from '../lib/queries.ts';
import { randomId } from '../lib/random-id.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Combobox } from '../ui/combobox.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, FormProblem } from '../ui/field.tsx';
import { Input, Textarea } from '../ui/input.tsx';
import { Select } from '../ui/select.tsx';
import { Toggle } from '../ui/toggle.tsx';
import { programmeChoicesQuery, signUpFormsQuery } from './queries.ts';

/** The lines that are typed, with what each needs to be understood. */
const lines = [
  { field: 'name', most: 80 },
  { field: 'title', most: 100 },
  { field: 'frequency', most: 100 },
  { field: 'terms_url', most: 500 },
  { field: 'privacy_url', most: 500 },
] as const;

/** Adds a form on which people sign up, or changes one. */
export function SignUpFormDialog({
  form,
  onClose,
}: {
  readonly form: SignUpForm | null;
  readonly onClose: () => void;
}) {
  const programmes = useQuery(programmeChoicesQuery);
  const lists = useQuery(contactListsQuery);
  const [typed, setTyped] = useState({
    name: form?.name ?? '',
    title: form?.title ?? '',
    frequency: form?.frequency ?? '',
    terms_url: form?.terms_url ?? '',
    privacy_url: form?.privacy_url ?? '',
  });
  const [text, setText] = useState(form?.text ?? '');
  const [programme, setProgramme] = useState<string | null>(form?.programme_id ?? null);
  const [asked, setAsked] = useState<boolean | null>(form?.double_opt_in ?? null);
  const [asksName, setAsksName] = useState(form?.asks_name ?? false);
  const [listIds, setListIds] = useState<readonly string[]>(form?.list_ids ?? []);
  const [hosts, setHosts] = useState(form?.hosts.join('\n') ?? '');
  const choices = programmes.data ?? [];
  const chosen = programme ?? choices[0]?.id ?? '';
  const canAsk = choices.find(({ id }) => id === chosen)?.versions[0]?.question != null;
  const asks = asked ?? canAsk;
  const known = lists.data ?? [];
  const body = {
    ...typed,
    text,
    programme_id: chosen,
    double_opt_in: asks,
    asks_name: asksName,
    list_ids: listIds,
    hosts: hosts.split(/[\s,]+/).filter((host) => host !== ''),
  };
  const save = useMutation({
    mutationFn: () =>
      form === null
        ? request<SignUpForm>('POST', '/sign-up-forms', { body, idempotencyKey: randomId() })
        : request<SignUpForm>('PATCH', `/sign-up-forms/${form.id}`, { body, revision: form.revision }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: signUpFormsQuery.queryKey });
      onClose();
    },
  });
  const problem = save.isError ? problemFrom(save.error) : null;
  const placed = [...lines.map(({ field }) => field), 'text', 'programme_id', 'double_opt_in', 'hosts'];
  const hostNotes = (problem?.errors ?? [])
    .filter(({ path }) => path[0] === 'hosts')
    .map(({ message }) => ({ severity: 'error', title: message, action: '' }) as const);
  const above =
    hostNotes.length > 0
      ? null
      : formNote(problem, placed, { title: t('signups.changed_elsewhere'), action: t('fields.look_again') });
  const line = (field: (typeof lines)[number]['field'], most: number) => (
    <Field
      key={field}
      id={`sign-up-${field}`}
      label={t(`signups.line.${field}`)}
      help={t(`signups.line.${field}.help`)}
      notes={fieldNotes(problem, field)}
    >
      <Input
        id={`sign-up-${field}`}
        value={typed[field]}
        maxLength={most}
        type={field.endsWith('_url') ? 'url' : 'text'}
        aria-describedby={`sign-up-${field}-help sign-up-${field}-problems`}
        onChange={(changed) => setTyped({ ...typed, [field]: changed.target.value })}
      />
    </Field>
  );
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={form === null ? t('signups.new') : t('signups.edit_of', { name: form.name })}
      description={t('signups.dialog.text')}
      footer={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind="primary" disabled={save.isPending} onClick={() => save.mutate()}>
            {t(form === null ? 'signups.add' : 'signups.save')}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(submitted) => {
          submitted.preventDefault();
          if (!save.isPending) save.mutate();
        }}
      >
        <FormProblem note={above} />
        {lines.slice(0, 2).map(({ field, most }) => line(field, most))}
        <Field id="sign-up-text" label={t('signups.text')} notes={fieldNotes(problem, 'text')}>
          <Textarea
            id="sign-up-text"
            rows={2}
            value={text}
            maxLength={1_000}
            aria-describedby="sign-up-text-problems"
            onChange={(changed) => setText(changed.target.value)}
          />
        </Field>
        <Field
          id="sign-up-programme"
          label={t('signups.programme')}
          help={t(programmes.isSuccess && choices.length === 0 ? 'signups.programme.none' : 'signups.programme.help')}
          notes={fieldNotes(problem, 'programme_id')}
        >
          <Select
            id="sign-up-programme"
            label={t('signups.programme')}
            value={chosen}
            choices={choices.map(({ id, name, brand }) => ({ value: id, label: name, help: brand }))}
            disabled={choices.length === 0}
            onChange={setProgramme}
          />
        </Field>
        {lines.slice(2).map(({ field, most }) => line(field, most))}
        <div className="flex flex-col gap-1.5">
          <Toggle
            id="sign-up-asks"
            label={t('signups.double_opt_in')}
            help={t(canAsk ? 'signups.double_opt_in.help' : 'signups.double_opt_in.without')}
            checked={asks}
            onChange={setAsked}
          />
          {fieldNotes(problem, 'double_opt_in').map(({ title }) => (
            <FormProblem key={title} note={{ severity: 'error', title, action: '' }} />
          ))}
        </div>
        <Toggle id="sign-up-name-asked" label={t('signups.asks_name')} checked={asksName} onChange={setAsksName} />
        {known.length === 0 ? null : (
          <Field id="sign-up-lists" label={t('signups.lists')}>
            <Combobox
              id="sign-up-lists"
              label={t('signups.lists')}
              value=""
              choices={known
                .filter(({ id }) => !listIds.includes(id))
                .map(({ id, name }) => ({ value: id, label: name }))}
              placeholder={t('signups.lists.choose')}
              search={t('signups.lists.choose')}
              onChange={(id) => setListIds([...listIds, id])}
            />
            <Chips
              chips={known.filter(({ id }) => listIds.includes(id)).map(({ id, name }) => ({ key: id, name }))}
              disabled={false}
              onRemove={(key) => setListIds(listIds.filter((id) => id !== key))}
            />
          </Field>
        )}
        <Field id="sign-up-hosts" label={t('signups.hosts')} help={t('signups.hosts.help')} notes={hostNotes}>
          <Textarea
            id="sign-up-hosts"
            className="font-mono"
            rows={2}
            value={hosts}
            spellCheck={false}
            autoCapitalize="none"
            aria-describedby="sign-up-hosts-help sign-up-hosts-problems"
            onChange={(changed) => setHosts(changed.target.value)}
          />
        </Field>
      </form>
    </Dialog>
  );
}
