import type { Goal } from '@signalbox/engine/goals/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { problemFrom, request } from '../lib/api.ts';
import { fieldNotes, formNote } from '../lib/form-problems.ts';
import { goalsQuery } from '../lib/goals.ts';
import { queryClient } from '../lib/queries.ts';
import { randomId } from '../lib/random-id.ts';
import { t } from '../lib/translate.ts';
import { workspaceQuery } from '../lib/workspace.ts';
import { currencyChoices } from '../people/currency-choices.ts';
import { Button } from '../ui/button.tsx';
import { Combobox } from '../ui/combobox.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, FormProblem } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Select } from '../ui/select.tsx';
import { Toggle } from '../ui/toggle.tsx';
import { isOwnEvent, ownEvents } from './goal-texts.ts';
import { goalQuery } from './queries.ts';
import { WindowFields } from './window-fields.tsx';

const reported = 'reported';
const redeemed = 'code.redeemed';

/** Adds a goal; of one that is there, its name and its windows. */
export function GoalDialog({
  goal,
  onDone,
  onClose,
}: {
  readonly goal: Goal | null;
  readonly onDone?: (goal: Goal) => void;
  readonly onClose: () => void;
}) {
  const workspace = useQuery(workspaceQuery);
  const [name, setName] = useState(goal?.name ?? '');
  const [kind, setKind] = useState<string>(reported);
  const [event, setEvent] = useState('');
  const [isWorth, setWorth] = useState(false);
  const [field, setField] = useState('');
  const [currency, setCurrency] = useState<string | null>(null);
  const [windows, setWindows] = useState({
    window_days: String(goal?.window_days ?? 5),
    delivery_days: String(goal?.delivery_days ?? 1),
  });
  const days = { window_days: Number(windows.window_days), delivery_days: Number(windows.delivery_days) };
  const mayBeWorth = kind === reported || kind === redeemed;
  const takesValue = mayBeWorth && isWorth;
  const save = useMutation({
    mutationFn: () =>
      goal === null
        ? request<Goal>('POST', '/goals', {
            body: {
              name,
              event: kind === reported ? event.trim() : kind,
              ...(takesValue
                ? { value_field: field, currency: currency ?? workspace.data?.currency ?? undefined }
                : {}),
              ...days,
            },
            idempotencyKey: randomId(),
          })
        : request<Goal>('PATCH', `/goals/${goal.id}`, { body: { name, ...days }, revision: goal.revision }),
    onSuccess: (saved) => {
      queryClient.setQueryData(goalQuery(saved.id).queryKey, saved);
      void queryClient.invalidateQueries({ queryKey: goalsQuery.queryKey });
      onClose();
      onDone?.(saved);
    },
  });
  const problem = save.isError ? problemFrom(save.error) : null;
  const placed = ['name', 'event', 'window_days', 'delivery_days', ...(takesValue ? ['value_field', 'currency'] : [])];
  const above = formNote(problem, placed, {
    title: t('goals.changed_elsewhere'),
    action: t('fields.look_again'),
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={goal === null ? t('goals.new') : t('goals.edit_of', { name: goal.name })}
      description={goal === null ? t('goals.new.text') : undefined}
      footer={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind="primary" disabled={save.isPending} onClick={() => save.mutate()}>
            {t(goal === null ? 'goals.add' : 'goals.save')}
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
        <Field id="goal-name" label={t('goals.name')} notes={fieldNotes(problem, 'name')}>
          <Input
            id="goal-name"
            autoFocus
            value={name}
            maxLength={80}
            placeholder={t('goals.name.placeholder')}
            aria-describedby="goal-name-problems"
            onChange={(changed) => setName(changed.target.value)}
          />
        </Field>
        {goal === null ? (
          <>
            <Field id="goal-kind" label={t('goals.what')}>
              <Select
                id="goal-kind"
                label={t('goals.what')}
                value={kind}
                choices={[
                  { value: reported, label: t('goals.event.reported'), help: t('goals.event.reported.help') },
                  ...Object.entries(ownEvents).map(([value, text]) => ({ value, label: t(text) })),
                ]}
                onChange={(value) => {
                  if (value !== reported && !isOwnEvent(value)) return;
                  setKind(value);
                  setWorth(value === redeemed);
                  setField(value === redeemed ? 'amount' : '');
                }}
              />
            </Field>
            {kind === reported ? (
              <Field
                id="goal-event"
                label={t('goals.event')}
                help={t('goals.event.help')}
                notes={fieldNotes(problem, 'event')}
              >
                <Input
                  id="goal-event"
                  className="font-mono"
                  value={event}
                  maxLength={64}
                  autoCapitalize="none"
                  spellCheck={false}
                  placeholder={t('goals.event.placeholder')}
                  aria-describedby="goal-event-help goal-event-problems"
                  onChange={(changed) => setEvent(changed.target.value)}
                />
              </Field>
            ) : null}
            {mayBeWorth ? (
              <Toggle
                id="goal-worth"
                label={t('goals.has_value')}
                help={t('goals.has_value.help')}
                checked={isWorth}
                onChange={setWorth}
              />
            ) : null}
            {takesValue ? (
              <div className="grid gap-4 md:grid-cols-2">
                <Field
                  id="goal-field"
                  label={t('goals.value_field')}
                  help={t('goals.value_field.help')}
                  notes={fieldNotes(problem, 'value_field')}
                >
                  <Input
                    id="goal-field"
                    className="font-mono"
                    value={field}
                    maxLength={40}
                    autoCapitalize="none"
                    spellCheck={false}
                    placeholder={t('goals.value_field.placeholder')}
                    aria-describedby="goal-field-help goal-field-problems"
                    onChange={(changed) => setField(changed.target.value)}
                  />
                </Field>
                <Field
                  id="goal-currency"
                  label={t('goals.currency')}
                  help={t('goals.currency.help')}
                  notes={fieldNotes(problem, 'currency')}
                >
                  <Combobox
                    id="goal-currency"
                    label={t('goals.currency')}
                    value={currency ?? workspace.data?.currency ?? ''}
                    choices={currencyChoices}
                    placeholder={t('goals.currency')}
                    search={t('settings.currency.search')}
                    onChange={setCurrency}
                  />
                </Field>
              </div>
            ) : null}
          </>
        ) : null}
        <WindowFields windows={windows} problem={problem} onChange={setWindows} />
      </form>
    </Dialog>
  );
}
