import type { FlowReturn } from '@signalbox/engine/insights/contract';
import { formatNumber, formatPoints } from '../lib/format.ts';
import { t } from '../lib/translate.ts';

/** What people did who were drawn to get nothing, beside those who got messages: what would have been done anyhow. */
export function ReturnHoldout({ found }: { readonly found: FlowReturn }) {
  const held = found.goals.flatMap(({ goal_id, name, window_days, holdout }) =>
    holdout === null ? [] : [{ goal_id, name, window_days, ...holdout }],
  );
  return (
    <section aria-label={t('return.holdout')} className="border-line border-t pt-4">
      <h3 className="font-semibold text-sm">{t('return.holdout')}</h3>
      {held.length === 0 ? (
        <p className="mt-1 text-ink-3 text-sm">{t('return.holdout.none')}</p>
      ) : (
        <>
          <p className="mt-1 text-ink-3 text-sm">{t('return.holdout.text')}</p>
          <ul className="mt-2 flex flex-col gap-3">
            {held.map(({ goal_id, name, window_days: days, reached, held_out, difference }) => (
              <li key={goal_id} className="text-sm">
                <p className="font-medium [overflow-wrap:anywhere]">
                  <bdi>{name}</bdi>
                </p>
                <p className="num text-ink-2">
                  {t('return.holdout.counts', {
                    reached: formatNumber(reached.converted),
                    of: formatNumber(reached.people),
                    held: formatNumber(held_out.converted),
                    of_held: formatNumber(held_out.people),
                    within: t('goals.days_n', { n: days }),
                  })}
                </p>
                <p className="num">
                  {difference === null
                    ? t('return.holdout.nobody')
                    : t(difference.low > 0 || difference.high < 0 ? 'return.holdout.clear' : 'return.holdout.unclear', {
                        points: formatPoints(difference.estimate),
                        low: formatPoints(difference.low),
                        high: formatPoints(difference.high),
                      })}
                </p>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
