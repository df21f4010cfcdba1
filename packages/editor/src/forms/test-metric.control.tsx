import { testMetrics } from '@signalbox/nodes/define/arms';
import { useQuery } from '@tanstack/react-query';
import { isRecord } from '../flow-model/json-schema.ts';
import { goalsQuery } from '../lib/goals.ts';
import { t } from '../lib/translate.ts';
import { FieldProblem } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
import { type Control, type ControlDeclaration, type ControlProps, problemsAt } from './control-props.ts';

/** What a test measures; of conversions and revenue, of which goal. */
function TestMetricControl({ id, label, value, onChange, problems, disabled }: ControlProps) {
  const metric = isRecord(value) ? value : {};
  const kind = typeof metric.kind === 'string' ? metric.kind : 'click';
  const goal = typeof metric.goal === 'string' ? metric.goal : '';
  const isOfGoal = kind === 'conversion' || kind === 'revenue';
  return (
    <div className="flex flex-col gap-1.5">
      <Select
        id={id}
        label={label}
        value={kind}
        disabled={disabled}
        choices={testMetrics.map((each) => ({ value: each, label: t(`test.metric.${each}`) }))}
        onChange={(next) =>
          onChange({ kind: next, goal: next === 'conversion' || next === 'revenue' ? (metric.goal ?? null) : null })
        }
      />
      {isOfGoal ? (
        <GoalChoice
          id={`${id}-goal`}
          goal={goal}
          disabled={disabled}
          ofMoney={kind === 'revenue'}
          invalid={problemsAt(problems, 'goal').length > 0}
          onChange={(next) => onChange({ kind, goal: next })}
        />
      ) : null}
      {problems.map((problem) => (
        <FieldProblem key={problem.title} note={problem} />
      ))}
    </div>
  );
}

function GoalChoice({
  id,
  goal,
  disabled,
  invalid,
  ofMoney,
  onChange,
}: {
  readonly id: string;
  readonly goal: string;
  readonly disabled: boolean;
  readonly invalid: boolean;
  /** Only those whose conversions are worth money. */
  readonly ofMoney: boolean;
  readonly onChange: (goal: string) => void;
}) {
  const all = useQuery(goalsQuery).data ?? [];
  const goals = all.filter(({ archived, currency }) => !archived && (!ofMoney || currency !== null));
  const choices = goals.map(({ id: of, name }) => ({ value: of, label: name }));
  const isGone = goal !== '' && all.length > 0 && !goals.some((each) => each.id === goal);
  return (
    <>
      <Select
        id={id}
        label={t('test.goal')}
        value={goal}
        choices={isGone ? [...choices, { value: goal, label: t('test.goal.gone') }] : choices}
        placeholder={t(goals.length === 0 ? 'test.goal.none' : 'test.goal.choose')}
        disabled={disabled || goals.length === 0}
        invalid={invalid}
        onChange={onChange}
      />
      {goals.length === 0 ? <p className="text-ink-3 text-sm">{t('test.goal.none.text')}</p> : null}
    </>
  );
}

export const declared = {
  name: 'test-metric',
  draws: ['{goal, kind}'],
  group: true,
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: TestMetricControl };
