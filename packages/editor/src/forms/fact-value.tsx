import type { FactField } from '@signalbox/nodes/flow/fact-fields';
import { useQuery } from '@tanstack/react-query';
import { contactListsQuery } from '../lib/contact-lists.ts';
import { allFlowsQuery } from '../lib/queries.ts';
import { segmentsQuery } from '../lib/segments.ts';
import { t, tr } from '../lib/translate.ts';
import { Combobox } from '../ui/combobox.tsx';
import { Input } from '../ui/input.tsx';
import { type Choice, Select } from '../ui/select.tsx';
import { type Comparison, isSumOperator, type More, valueKind } from './condition-model.ts';
import { FactWhere } from './fact-where.tsx';

type FactProps = {
  readonly draft: Comparison;
  readonly fact: FactField;
  readonly disabled: boolean;
  readonly onChange: (draft: Comparison) => void;
};

/** What is asked about what people belong to, or about what happened to them. */
export function FactValue(props: FactProps) {
  return props.fact.kind === 'set' ? <Member {...props} /> : <Happenings {...props} />;
}

/** A list, a tag, a segment or a flow. */
function Member({ draft, fact, disabled, onChange }: FactProps) {
  const choices = useMembers(draft.field);
  const chosen = typeof draft.value === 'string' ? draft.value : '';
  return (
    <Combobox
      label={t('condition.value', { field: tr(fact.label) })}
      value={chosen}
      choices={withPresent(chosen, choices)}
      disabled={disabled}
      placeholder={t('condition.choose_member')}
      search={t('condition.search_member')}
      onChange={(value) => onChange({ ...draft, value })}
    />
  );
}

function useMembers(field: string): Choice[] {
  const lists = useQuery({ ...contactListsQuery, enabled: field === 'contact.lists' || field === 'contact.tags' });
  const segments = useQuery({ ...segmentsQuery, enabled: field === 'contact.segments' });
  const flows = useQuery({ ...allFlowsQuery, enabled: field === 'contact.flows' });
  const kind = field === 'contact.lists' ? 'list' : 'tag';
  const named: ReadonlyArray<{ readonly id: string; readonly name: string }> =
    field === 'contact.segments'
      ? (segments.data ?? [])
      : field === 'contact.flows'
        ? (flows.data ?? [])
        : (lists.data ?? []).filter((list) => list.kind === kind);
  return named.map(({ id, name }) => ({ value: id, label: name }));
}

const withPresent = (value: string, choices: readonly Choice[]): readonly Choice[] =>
  value === '' || choices.some((choice) => choice.value === value)
    ? choices
    : [...choices, { value, label: t('condition.gone') }];

const numberOf = (text: string): number | null =>
  text.trim() === '' || Number.isNaN(Number(text)) ? null : Number(text);
const shownNumber = (value: unknown): string => (typeof value === 'number' ? String(value) : '');
const anyFlow = 'any';

/** How often, how much, since when, by which flow, and with which data. */
function Happenings({ draft, fact, disabled, onChange }: FactProps) {
  const more = draft.more ?? {};
  const set = (name: keyof More, value: unknown) => {
    const { [name]: _gone, ...rest } = more;
    onChange({ ...draft, more: value === undefined ? rest : { ...rest, [name]: value } });
  };
  const sums = isSumOperator(draft.op);
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        {sums ? (
          <Input
            aria-label={t('condition.sum_of')}
            placeholder={t('condition.sum_of')}
            className="w-36"
            disabled={disabled}
            maxLength={64}
            value={typeof more.of === 'string' ? more.of : ''}
            onChange={(event) => set('of', event.target.value)}
          />
        ) : null}
        {valueKind(draft.op) === 'number' ? (
          <span className="flex items-center gap-2">
            <Input
              aria-label={t('condition.value', { field: tr(fact.label) })}
              type="number"
              min={sums ? undefined : 1}
              step={sums ? 'any' : 1}
              className="num w-24"
              disabled={disabled}
              value={shownNumber(draft.value)}
              onChange={(event) => onChange({ ...draft, value: numberOf(event.target.value) })}
            />
            {sums ? null : <span className="text-ink-2">{t('condition.times')}</span>}
          </span>
        ) : null}
        <Select
          label={t('condition.when', { field: tr(fact.label) })}
          className="w-auto"
          value={more.within_days === undefined ? 'ever' : 'within'}
          disabled={disabled}
          choices={[
            { value: 'ever', label: t('condition.ever') },
            { value: 'within', label: t('condition.within') },
          ]}
          onChange={(when) => set('within_days', when === 'ever' ? undefined : 30)}
        />
        {more.within_days === undefined ? null : (
          <span className="flex items-center gap-2">
            <Input
              aria-label={t('condition.within_of', { field: tr(fact.label) })}
              type="number"
              min={1}
              className="num w-20"
              disabled={disabled}
              value={shownNumber(more.within_days)}
              onChange={(event) => set('within_days', numberOf(event.target.value))}
            />
            <span className="text-ink-2">{t('form.days')}</span>
          </span>
        )}
      </div>
      {fact.kind === 'happenings' && fact.byFlow ? (
        <ByFlow value={more.flow} disabled={disabled} onChange={(flow) => set('flow', flow)} />
      ) : null}
      {fact.kind === 'happenings' && fact.data ? (
        <FactWhere value={more.where} disabled={disabled} onChange={(where) => set('where', where)} />
      ) : null}
    </div>
  );
}

function ByFlow({
  value,
  disabled,
  onChange,
}: {
  readonly value: unknown;
  readonly disabled: boolean;
  readonly onChange: (flow: string | undefined) => void;
}) {
  const flows = useQuery(allFlowsQuery).data ?? [];
  const chosen = typeof value === 'string' ? value : anyFlow;
  const choices = [
    { value: anyFlow, label: t('condition.any_flow') },
    ...flows.map(({ id, name }) => ({ value: id, label: name })),
  ];
  return (
    <Select
      label={t('condition.by_flow')}
      value={chosen}
      choices={[...withPresent(chosen, choices)]}
      disabled={disabled}
      onChange={(flow) => onChange(flow === anyFlow ? undefined : flow)}
    />
  );
}
