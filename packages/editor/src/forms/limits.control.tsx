import type { Account } from '@signalbox/engine/accounts/contract';
import type { FlowSummary } from '@signalbox/engine/flows/contract';
import { useQuery } from '@tanstack/react-query';
import { Plus, Trash2 } from 'lucide-react';
import { isRecord } from '../flow-model/json-schema.ts';
import { type Page, query, request } from '../lib/api.ts';
import { t } from '../lib/translate.ts';
import { countryChoices } from '../people/country-choices.ts';
import { Button } from '../ui/button.tsx';
import { Combobox } from '../ui/combobox.tsx';
import { FieldProblem } from '../ui/field.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { type Choice, Select } from '../ui/select.tsx';
import { type Control, type ControlDeclaration, type ControlProps, problemsAt } from './control-props.ts';
import { MoneyInput } from './money-input.tsx';

type Limit = {
  readonly scope: string;
  readonly subject: string;
  readonly period: string;
  readonly amount: number | null;
  readonly at_limit: string;
};

const textOf = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);

function limitsOf(value: unknown): Limit[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map(({ scope, subject, period, amount, at_limit }) => ({
    scope: textOf(scope, 'workspace'),
    subject: textOf(subject, ''),
    period: textOf(period, 'day'),
    amount: typeof amount === 'number' ? amount : null,
    at_limit: textOf(at_limit, 'hold'),
  }));
}

const scopes = ['workspace', 'flow', 'account', 'country'] as const;
const periods = ['hour', 'day', 'month'] as const;
const ends = ['hold', 'refuse'] as const;

/** What a limit can be of. */
function useSubjects(): Readonly<Record<string, readonly Choice[]>> {
  const accounts = useQuery({
    queryKey: ['accounts', 'choices'],
    queryFn: ({ signal }) => request<Page<Account>>('GET', `/accounts${query({ limit: 200 })}`, { signal }),
  });
  const flows = useQuery({
    queryKey: ['flows', 'choices'],
    queryFn: ({ signal }) => request<Page<FlowSummary>>('GET', `/flows${query({ limit: 200 })}`, { signal }),
  });
  const named = (page: Page<{ readonly id: string; readonly name: string }> | undefined) =>
    (page?.data ?? []).map(({ id, name }) => ({ value: id, label: name }));
  return { account: named(accounts.data), flow: named(flows.data), country: countryChoices };
}

/** Spending limits, a card each: of what, in which period, how much, and what happens then. */
function LimitsControl({ id, value, onChange, problems, disabled }: ControlProps) {
  const limits = limitsOf(value);
  const subjects = useSubjects();
  const set = (index: number, part: Partial<Limit>) => {
    const old = limits[index];
    if (old !== undefined) onChange(limits.with(index, { ...old, ...part }));
  };
  return (
    <div id={id} className="flex flex-col gap-3">
      {limits.map((limit, index) => {
        const choices = subjects[limit.scope];
        const own = `${id}-${index}`;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: all of it is being edited
          <div key={index} className="flex flex-col gap-2 rounded-md border border-line p-3">
            <div className="flex items-start gap-1.5">
              <div className="grid min-w-0 flex-1 gap-1.5 sm:grid-cols-2">
                <Select
                  id={`${own}-scope`}
                  label={t('limits.scope', { n: index + 1 })}
                  value={limit.scope}
                  disabled={disabled}
                  choices={scopes.map((scope) => ({ value: scope, label: t(`limits.scope.${scope}`) }))}
                  onChange={(scope) => set(index, { scope, subject: '' })}
                />
                {choices === undefined ? (
                  <span />
                ) : (
                  <Combobox
                    id={`${own}-subject`}
                    label={t('limits.subject', { n: index + 1 })}
                    value={limit.subject}
                    choices={choices}
                    onChange={(subject) => set(index, { subject })}
                    placeholder={t('limits.subject.choose')}
                    search={t('limits.subject.search')}
                    disabled={disabled}
                    invalid={problemsAt(problems, index, 'subject').length > 0}
                  />
                )}
                <MoneyInput
                  id={`${own}-amount`}
                  label={t('limits.amount', { n: index + 1 })}
                  value={limit.amount}
                  onChange={(amount) => set(index, { amount })}
                  disabled={disabled}
                />
                <Select
                  id={`${own}-period`}
                  label={t('limits.period', { n: index + 1 })}
                  value={limit.period}
                  disabled={disabled}
                  choices={periods.map((period) => ({ value: period, label: t(`limits.period.${period}`) }))}
                  onChange={(period) => set(index, { period })}
                />
                <Select
                  id={`${own}-end`}
                  label={t('limits.end', { n: index + 1 })}
                  value={limit.at_limit}
                  disabled={disabled}
                  choices={ends.map((end) => ({ value: end, label: t(`limits.end.${end}`) }))}
                  onChange={(end) => set(index, { at_limit: end })}
                  className="sm:col-span-2"
                />
              </div>
              {disabled ? null : (
                <IconButton
                  icon={Trash2}
                  size="icon-sm"
                  label={t('form.remove_row', { n: index + 1 })}
                  onClick={() => onChange(limits.toSpliced(index, 1))}
                />
              )}
            </div>
            {problemsAt(problems, index).map((problem) => (
              <FieldProblem key={`${problem.path.join('.')} ${problem.title}`} note={problem} />
            ))}
          </div>
        );
      })}
      {disabled || limits.length >= 20 ? null : (
        <Button
          className="self-start"
          onClick={() =>
            onChange([
              ...limits,
              { scope: 'workspace', subject: '', period: 'month', amount: 100_000_000, at_limit: 'hold' },
            ])
          }
        >
          <Plus aria-hidden />
          {t('limits.add')}
        </Button>
      )}
    </div>
  );
}

export const declared = {
  name: 'limits',
  draws: ['list of {amount, at_limit, period, scope, subject}'],
  blank: [{ scope: 'workspace', subject: '', period: 'month', amount: 100_000_000, at_limit: 'hold' }],
  group: true,
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: LimitsControl };
