import { useState } from 'react';
import { isRecord } from '../flow-model/json-schema.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { FieldProblem } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Select } from '../ui/select.tsx';
import { type Control, type ControlDeclaration, type ControlProps, problemsAt } from './control-props.ts';
import { TestCalculator } from './test-calculator.tsx';

const kinds = ['sequential', 'fixed'] as const;

/** Weights of the arms beside it. */
function weightsOf(arms: unknown): number[] {
  if (!Array.isArray(arms)) return [1, 1];
  return arms.filter(isRecord).map(({ weight }) => (typeof weight === 'number' ? weight : 0));
}

/** How a test is decided: looked at all along or once, how many people it takes at most, and what difference is worth seeing. */
function TestPlanControl({ id, label, value, beside, onChange, problems, disabled }: ControlProps) {
  const [asking, setAsking] = useState(false);
  const plan = isRecord(value) ? value : {};
  const kind = kinds.find((each) => each === plan.kind) ?? 'sequential';
  const people = typeof plan.people === 'number' ? plan.people : null;
  const least = typeof plan.smallest_difference === 'number' ? plan.smallest_difference : null;
  const metric = beside('metric');
  const isMoney = isRecord(metric) && metric.kind === 'revenue';
  const set = (part: Record<string, unknown>) =>
    onChange({ kind, people, smallest_difference: least, ...plan, ...part });
  return (
    <div className="flex flex-col gap-3">
      <Select
        id={id}
        label={label}
        value={kind}
        disabled={disabled}
        choices={kinds.map((each) => ({
          value: each,
          label: t(`test.plan.${each}`),
          help: t(`test.plan.${each}.text`),
        }))}
        onChange={(next) => set({ kind: next })}
      />
      <div className="flex flex-col gap-1">
        <label htmlFor={`${id}-people`} className="text-ink-2 text-sm">
          {t(kind === 'fixed' ? 'test.plan.people.fixed' : 'test.plan.people')}
        </label>
        <div className="flex flex-wrap items-center gap-2">
          <Input
            id={`${id}-people`}
            type="number"
            inputMode="numeric"
            min={100}
            className="num w-32"
            value={people === null ? '' : String(people)}
            disabled={disabled}
            onChange={(event) => set({ people: event.target.value === '' ? null : event.target.valueAsNumber })}
          />
          {disabled ? null : <Button onClick={() => setAsking(true)}>{t('test.size.ask')}</Button>}
        </div>
        {problemsAt(problems, 'people').map((problem) => (
          <FieldProblem key={problem.title} note={problem} />
        ))}
      </div>
      <div className="flex flex-col gap-1">
        <label htmlFor={`${id}-least`} className="text-ink-2 text-sm">
          {t(isMoney ? 'test.plan.least.money' : 'test.plan.least')}
        </label>
        <Input
          id={`${id}-least`}
          type="number"
          inputMode="decimal"
          min={0}
          step="any"
          className="num w-32"
          value={least === null ? '' : String(least)}
          placeholder={t('test.plan.least.none')}
          disabled={disabled}
          onChange={(event) =>
            set({ smallest_difference: event.target.value === '' ? null : event.target.valueAsNumber })
          }
        />
        {problemsAt(problems, 'smallest_difference').map((problem) => (
          <FieldProblem key={problem.title} note={problem} />
        ))}
      </div>
      {asking ? (
        <Dialog
          open
          onOpenChange={(open) => open || setAsking(false)}
          title={t('test.size.title')}
          description={t('test.size.text')}
        >
          <TestCalculator
            weights={weightsOf(beside('arms'))}
            isMoney={isMoney}
            kind={kind}
            onTake={(taken) => {
              set(taken);
              setAsking(false);
            }}
          />
        </Dialog>
      ) : null}
    </div>
  );
}

export const declared = {
  name: 'test-plan',
  draws: ['{kind, people, smallest_difference}'],
  group: true,
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: TestPlanControl };
