import type { SeenArm, Test } from '@signalbox/engine/experiments/contract';
import { wilson } from '@signalbox/statistics/estimates/proportions';
import type { ReactNode } from 'react';
import { formatNumber, formatShares } from '../lib/format.ts';
import { t } from '../lib/translate.ts';
import { Scrolled } from '../ui/scrolled.tsx';
import { Section } from '../ui/section.tsx';
import { formatDifference, formatDifferences, formatInterval, formatResult, isMoney, labelOf } from './figures.ts';

type Seen = NonNullable<Test['seen']>;

/** Each arm with its people and what they did, never a figure without its interval; of a fixed plan the people alone before its end. */
export function ArmTable({ test, seen, note }: { readonly test: Test; readonly seen: Seen; readonly note: ReactNode }) {
  const hidden = seen.arms.every(({ converted }) => converted === null);
  const rows = seen.holdout === null ? seen.arms : [...seen.arms, seen.holdout];
  return (
    <Section title={t('test.arms')} text={t('test.arms.text', { hours: test.window_hours })}>
      {hidden ? (
        <p className="mb-3 rounded-md bg-test-soft px-3 py-2 text-sm text-test">
          {t('test.fixed_hidden', { people: test.plan.people })}
        </p>
      ) : null}
      <Scrolled label={t('test.arms.table')}>
        <table className="w-full min-w-160 text-sm">
          <thead className="text-left text-ink-3 text-xs">
            <tr>
              <Head>{t('test.arm')}</Head>
              <Head right>{t('test.people')}</Head>
              <Head right>{t('test.known')}</Head>
              <Head right>{t('test.result')}</Head>
              <Head right>{t('test.difference')}</Head>
              <Head right>{t('test.opted_out')}</Head>
              <Head right>{t('test.delivered')}</Head>
              <Head right>{t('test.complained')}</Head>
            </tr>
          </thead>
          <tbody className="divide-y divide-line border-line border-t">
            {rows.map((row) => (
              <ArmRow key={row.arm} test={test} row={row} />
            ))}
          </tbody>
        </table>
      </Scrolled>
      {note}
    </Section>
  );
}

function Head({ children, right = false }: { readonly children: string; readonly right?: boolean }) {
  return (
    <th scope="col" className={right ? 'py-1.5 pr-3 text-right font-medium last:pr-0' : 'py-1.5 pr-3 font-medium'}>
      {children}
    </th>
  );
}

function ArmRow({ test, row }: { readonly test: Test; readonly row: SeenArm }) {
  const inMoney = isMoney(test);
  const isControl = row.arm === test.arms[0]?.id;
  const isHoldout = !test.arms.some(({ id }) => id === row.arm);
  const { guardrails: guards, known } = row;
  return (
    <tr className="align-baseline">
      <th scope="row" className="py-2 pr-3 text-left font-semibold">
        <span dir="auto">{isHoldout ? t('test.held_out') : labelOf(test, row.arm)}</span>
        {isControl ? <Note>{t('test.is_control')}</Note> : null}
        {test.ended?.winner === row.arm ? <Note>{t('test.is_winner')}</Note> : null}
      </th>
      <td className="num py-2 pr-3 text-right">{formatNumber(row.people)}</td>
      <td className="num py-2 pr-3 text-right">{formatNumber(known)}</td>
      <td className="num py-2 pr-3 text-right">
        {row.result === null ? (
          <Missing hidden={row.converted === null} />
        ) : (
          <>
            {formatResult(row.result.estimate, inMoney)}
            <Range>{formatInterval(row.result, inMoney)}</Range>
          </>
        )}
      </td>
      <td className="num py-2 pr-3 text-right">
        {isControl || isHoldout ? (
          <span className="text-ink-3">–</span>
        ) : row.difference === null ? (
          <Missing hidden={row.converted === null} />
        ) : (
          <>
            {formatDifference(row.difference.estimate, inMoney)}
            <Range>{formatDifferences(row.difference, inMoney)}</Range>
          </>
        )}
      </td>
      <Guard count={guards?.opted_out ?? null} of={known} />
      <Guard count={guards?.delivered ?? null} of={guards?.sent_to ?? 0} />
      <Guard count={guards?.complained ?? null} of={known} />
    </tr>
  );
}

/** How many people, and between which shares that of all like them is likely to lie. */
function Guard({ count, of }: { readonly count: number | null; readonly of: number }) {
  const interval = count === null || of === 0 ? null : wilson({ people: of, converted: count }, 0.05);
  return (
    <td className="num py-2 pr-3 text-right last:pr-0">
      {count === null || interval === null ? (
        <span className="text-ink-3">–</span>
      ) : (
        <>
          {formatNumber(count)}
          <Range>{formatShares(interval.low, interval.high)}</Range>
        </>
      )}
    </td>
  );
}

function Range({ children }: { readonly children: string }) {
  return <span className="block whitespace-nowrap text-ink-3 text-xs">{children}</span>;
}

function Note({ children }: { readonly children: string }) {
  return <span className="ml-2 font-normal text-ink-3 text-xs">{children}</span>;
}

function Missing({ hidden }: { readonly hidden: boolean }) {
  return <span className="text-ink-3">{t(hidden ? 'test.hidden' : 'test.too_few')}</span>;
}
