import type { Queue } from '@signalbox/engine/sending/contract';
import { CirclePause, Ellipsis, Hourglass, ListX, RotateCw, Scale } from 'lucide-react';
import { formatNumber } from '../lib/format.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx';
import { Section } from '../ui/section.tsx';
import { Time } from '../ui/time.tsx';
import { drainTime, perMinute } from './drain-time.ts';
import type { Held } from './hold-names.ts';

export type Line = Held & {
  readonly key: string;
  readonly line: Queue['lanes'][number] | Queue['accounts'][number] | Queue['flows'][number];
};

type LinesProps = {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly onHold: (held: Held, mode: 'pause' | 'drain') => void;
  readonly onCancel: (held: Held) => void;
  readonly onRetry: (held: Held) => void;
  /** Of what has a share of its own. */
  readonly onShare?: (flow: Share) => void;
};

/** A flow with the turns that its messages get beside those of others. */
export type Share = { readonly flow_id: string; readonly name: string; readonly weight: number };

/** What waits, by one thing: how much, since when, how fast, and what can be done about it. */
export function Lines({ title, lines, onHold, onCancel, onRetry, onShare }: LinesProps) {
  if (lines.length === 0) return null;
  return (
    <Section title={title}>
      <ul aria-label={title} className="-my-2 divide-y divide-line">
        {lines.map(({ key, line, ...held }) => (
          <li key={key} className="flex items-center gap-x-4 py-2.5">
            <div className="grid min-w-0 flex-1 grid-cols-2 items-baseline gap-x-4 gap-y-0.5 md:grid-cols-[minmax(0,1.6fr)_repeat(4,minmax(0,1fr))]">
              <span dir="auto" className="truncate font-medium max-md:col-span-2">
                {held.name}
                {'weight' in line && line.weight !== 1 ? (
                  <span className="num ml-2 text-ink-3 text-xs">{t('queue.share.turns', { n: line.weight })}</span>
                ) : null}
              </span>
              <span className="num text-sm">{t('queue.waiting', { n: line.depth })}</span>
              <span className="text-ink-2 text-sm">
                {line.oldest_since === null ? null : (
                  <>
                    {t('queue.since')} <Time at={line.oldest_since} />
                  </>
                )}
              </span>
              <span className="num text-ink-2 text-sm">
                {t('queue.rates', {
                  came: formatNumber(perMinute(line.came_per_minute)),
                  went: formatNumber(perMinute(line.went_per_minute)),
                })}
              </span>
              <span className="num text-ink-2 text-sm">{drainTime(line)}</span>
            </div>
            <Menu
              trigger={
                <Button kind="ghost" size="icon-sm" aria-label={t('queue.more', { what: held.name })}>
                  <Ellipsis aria-hidden />
                </Button>
              }
            >
              <MenuItem icon={CirclePause} onSelect={() => onHold(held, 'pause')}>
                {t('queue.pause')}
              </MenuItem>
              <MenuItem icon={Hourglass} onSelect={() => onHold(held, 'drain')}>
                {t('queue.drain')}
              </MenuItem>
              <MenuItem icon={RotateCw} onSelect={() => onRetry(held)}>
                {t('queue.retry')}
              </MenuItem>
              {onShare === undefined || !('flow_id' in line) ? null : (
                <MenuItem
                  icon={Scale}
                  onSelect={() => onShare({ flow_id: line.flow_id, name: held.name, weight: line.weight })}
                >
                  {t('queue.share')}
                </MenuItem>
              )}
              <MenuLine />
              <MenuItem icon={ListX} danger onSelect={() => onCancel(held)}>
                {t('queue.cancel')}
              </MenuItem>
            </Menu>
          </li>
        ))}
      </ul>
    </Section>
  );
}
