import { useState } from 'react';
import { formatNumber } from '../lib/format.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { daysOfTest, testSize, type Weights } from './test-size.ts';

type Taken = { readonly people: number; readonly smallest_difference: number };
type CalculatorProps = {
  readonly weights: Weights;
  readonly isMoney: boolean;
  readonly kind: 'sequential' | 'fixed';
  /** Takes the people and the difference over into a plan; without, they are for reading. */
  readonly onTake?: (taken: Taken) => void;
};

/** How many people and days a test takes, for the difference that is to be seen: with one look at the end, and looked at all along. */
export function TestCalculator({ weights, isMoney, kind, onTake }: CalculatorProps) {
  const [base, setBase] = useState('5');
  const [difference, setDifference] = useState('1');
  const [perDay, setPerDay] = useState('1000');
  const sought = isMoney
    ? ({ kind: 'money', deviation: Number(base), difference: Number(difference) } as const)
    : ({ kind: 'share', base: Number(base) / 100, difference: Number(difference) / 100 } as const);
  const size = testSize(sought, weights);
  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-4 sm:grid-cols-3">
        <Figure
          id="size-base"
          label={t(isMoney ? 'test.size.deviation' : 'test.size.base')}
          unit={isMoney ? null : '%'}
          value={base}
          onChange={setBase}
        />
        <Figure
          id="size-difference"
          label={t(isMoney ? 'test.size.difference.money' : 'test.size.difference')}
          unit={null}
          value={difference}
          onChange={setDifference}
        />
        <Figure id="size-per-day" label={t('test.size.per_day')} unit={null} value={perDay} onChange={setPerDay} />
      </div>
      <div aria-live="polite">
        {size === null ? (
          <p className="text-ink-2 text-sm">{t('test.size.none')}</p>
        ) : (
          <dl className="divide-y divide-line rounded-md border border-line">
            {(['sequential', 'fixed'] as const).map((each) => (
              <div key={each} className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 px-3 py-2">
                <dt className="flex-1 basis-40 text-ink-2 text-sm">{t(`test.plan.${each}`)}</dt>
                <dd className="num font-semibold">{t('test.size.people', { n: size[each] })}</dd>
                <dd className="num w-24 text-right text-ink-2 text-sm">
                  <Days people={size[each]} perDay={Number(perDay)} />
                </dd>
              </div>
            ))}
          </dl>
        )}
      </div>
      <p className="text-ink-3 text-sm">{t('test.size.how')}</p>
      {onTake === undefined || size === null ? null : (
        <div className="flex justify-end">
          <Button
            kind="primary"
            onClick={() => onTake({ people: Math.max(100, size[kind]), smallest_difference: Number(difference) })}
          >
            {t('test.size.take', { people: formatNumber(Math.max(100, size[kind])) })}
          </Button>
        </div>
      )}
    </div>
  );
}

function Days({ people, perDay }: { readonly people: number; readonly perDay: number }) {
  const days = daysOfTest(people, perDay);
  return days === null ? '–' : t('test.size.days', { n: days });
}

function Figure({
  id,
  label,
  unit,
  value,
  onChange,
}: {
  readonly id: string;
  readonly label: string;
  readonly unit: string | null;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  return (
    <Field id={id} label={label}>
      <span className="flex items-center gap-1.5">
        <Input
          id={id}
          type="number"
          inputMode="decimal"
          min={0}
          step="any"
          className="num"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
        {unit === null ? null : <span className="text-ink-2">{unit}</span>}
      </span>
    </Field>
  );
}
