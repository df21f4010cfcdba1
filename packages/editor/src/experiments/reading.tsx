import type { SeenArm, Test } from '@signalbox/engine/experiments/contract';
import { readMeans, readProportions } from '@signalbox/statistics/estimates/bayes';
import { formatTenths } from '../lib/format.ts';
import { t } from '../lib/translate.ts';
import { Scrolled } from '../ui/scrolled.tsx';
import { Section } from '../ui/section.tsx';
import { formatDifference, formatResult, isMoney, labelOf } from './figures.ts';

type Line = {
  readonly arm: string;
  readonly best: number | null;
  readonly beats: number | null;
  readonly loss: number;
};

/** What the counts alone say of each arm; null where there are none yet, or none may be shown. */
function readArms(test: Test, arms: readonly SeenArm[]): Line[] | null {
  const used = arms.filter(({ arm }) => (test.arms.find(({ id }) => id === arm)?.weight ?? 0) > 0);
  if (used.some(({ known, converted }) => known === 0 || converted === null)) return null;
  if (!isMoney(test)) {
    const counts = used.map(({ known: people, converted }) => ({ people, converted: converted ?? 0 }));
    const readings = readProportions(counts, 0.05);
    return used.flatMap(({ arm }, index) => {
      const read = readings[index];
      if (read === undefined) return [];
      const beats = index === 0 ? null : read.chanceToBeatControl;
      return [{ arm, best: read.chanceToBeBest, beats, loss: read.expectedLoss }];
    });
  }
  const moments = used.map(({ known: people, result, variance }) => ({
    people,
    mean: result?.estimate ?? 0,
    variance: variance ?? 0,
  }));
  const [control, ...others] = moments;
  if (control === undefined) return null;
  const lines = others.flatMap((each, index): Line[] => {
    const read = readMeans(control, each);
    const arm = used[index + 1]?.arm;
    return read === null || arm === undefined
      ? []
      : [{ arm, best: null, beats: read.chanceToBeatControl, loss: read.expectedLoss }];
  });
  return lines.length === 0 ? null : lines;
}

/** The Bayesian reading: for whoever wants to know how likely something is, and for no decision. */
export function Reading({ test, arms }: { readonly test: Test; readonly arms: readonly SeenArm[] }) {
  const lines = readArms(test, arms);
  const inMoney = isMoney(test);
  return (
    <Section title={t('test.reading')} text={t('test.reading.text')}>
      {lines === null ? (
        <p className="text-ink-3 text-sm">{t('test.reading.none')}</p>
      ) : (
        <Scrolled label={t('test.reading.table')}>
          <table className="w-full min-w-100 text-sm">
            <thead className="text-left text-ink-3 text-xs">
              <tr>
                <th scope="col" className="py-1.5 pr-3 font-medium">
                  {t('test.arm')}
                </th>
                {inMoney ? null : (
                  <th scope="col" className="py-1.5 pr-3 text-right font-medium">
                    {t('test.reading.best')}
                  </th>
                )}
                <th scope="col" className="py-1.5 pr-3 text-right font-medium">
                  {t('test.reading.beats')}
                </th>
                <th scope="col" className="py-1.5 text-right font-medium">
                  {t('test.reading.loss')}
                </th>
              </tr>
            </thead>
            <tbody className="divide-y divide-line border-line border-t">
              {lines.map((line) => (
                <tr key={line.arm}>
                  <th scope="row" dir="auto" className="py-2 pr-3 text-left font-semibold">
                    {labelOf(test, line.arm)}
                  </th>
                  {inMoney ? null : (
                    <td className="num py-2 pr-3 text-right">{line.best === null ? '–' : formatTenths(line.best)}</td>
                  )}
                  <td className="num py-2 pr-3 text-right">{line.beats === null ? '–' : formatTenths(line.beats)}</td>
                  <td className="num py-2 text-right">
                    {inMoney ? formatResult(line.loss, true) : formatDifference(-line.loss, false)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolled>
      )}
    </Section>
  );
}
