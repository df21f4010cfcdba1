import type { Campaign } from '@signalbox/engine/campaigns/contract';
import { CalendarClock, CircleCheck, CircleStop, Clock, Hourglass, Send, XCircle } from 'lucide-react';
import { formatExact, formatShare } from '../lib/format.ts';
import { t } from '../lib/translate.ts';
import { Section } from '../ui/section.tsx';
import { Signal } from '../ui/signal.tsx';
import { Time } from '../ui/time.tsx';
import { scheduleInWords } from './schedule-words.ts';

/** How far it is, as it goes: who came in, whose message is out, and who is on the way. */
export function Progress({ campaign }: { readonly campaign: Campaign }) {
  const { people, progress, state } = campaign;
  const expected = Math.max(people.expected, people.let_in + people.already_in_flow);
  const done = people.let_in + people.already_in_flow;
  const share = expected === 0 ? 0 : Math.min(1, done / expected);
  if (campaign.next_at !== null && campaign.began_at === null)
    return (
      <Section title={t('campaigns.progress')}>
        <p className="font-semibold text-base">
          {t('campaigns.progress.begins', { at: formatExact(campaign.next_at) })}
        </p>
        <p className="text-ink-2 text-sm">{scheduleInWords(campaign.schedule)}</p>
      </Section>
    );
  return (
    <Section title={t('campaigns.progress')}>
      <div className="flex flex-col gap-4">
        {campaign.schedule.kind === 'segment' || expected === 0 ? null : (
          <div className="flex flex-col gap-1.5">
            <p className="num flex flex-wrap items-baseline justify-between gap-2 text-sm">
              <span className="font-semibold text-base">{t('campaigns.progress.of', { n: expected, done })}</span>
              <span className="text-ink-3">{formatShare(share)}</span>
            </p>
            <div
              role="progressbar"
              aria-label={t('campaigns.progress')}
              aria-valuemin={0}
              aria-valuemax={expected}
              aria-valuenow={done}
              className="h-2 overflow-hidden rounded-full bg-sunken"
            >
              <div
                className="h-full rounded-full bg-live transition-[width] duration-180"
                style={{ width: `${share * 100}%` }}
              />
            </div>
          </div>
        )}
        <ul aria-label={t('campaigns.progress.states')} className="flex flex-wrap gap-x-5 gap-y-2">
          <li>
            <Signal tone="live" icon={Send} quiet>
              {t('campaigns.progress.sent', { n: progress.sent })}
            </Signal>
          </li>
          <li>
            <Signal tone="calm" icon={Hourglass} quiet>
              {t('campaigns.progress.sending', { n: progress.sending })}
            </Signal>
          </li>
          <li>
            <Signal tone={progress.waiting > 0 ? 'wait' : 'calm'} icon={Clock} quiet>
              {t('campaigns.progress.waiting', { n: progress.waiting })}
            </Signal>
          </li>
          <li>
            <Signal tone={progress.not_sent + people.failed > 0 ? 'stop' : 'calm'} icon={XCircle} quiet>
              {t('campaigns.progress.not_sent', { n: progress.not_sent + people.failed })}
            </Signal>
          </li>
        </ul>
        {state === 'canceled' ? (
          <p className="text-ink-2 text-sm">
            {t('campaigns.progress.canceled', { n: Math.max(0, expected - progress.sent), sent: progress.sent })}
          </p>
        ) : null}
        {campaign.occurrences.length > 1 || campaign.schedule.kind === 'recurring' ? (
          <Times campaign={campaign} />
        ) : null}
      </div>
    </Section>
  );
}

const timeLook = {
  planned: ['wait', CalendarClock],
  letting_in: ['live', Send],
  finishing: ['live', Send],
  done: ['calm', CircleCheck],
  canceled: ['stop', CircleStop],
} as const;

/** The times that it went out, and the next. */
function Times({ campaign: { occurrences } }: { readonly campaign: Campaign }) {
  return (
    <ul aria-label={t('campaigns.times')} className="divide-y divide-line border-line border-t text-sm">
      {occurrences.map(({ at, state, let_in: letIn }) => {
        const [tone, icon] = timeLook[state] ?? timeLook.done;
        return (
          <li key={at} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
            <span className="min-w-40 flex-1">{formatExact(at)}</span>
            <Time at={at} className="text-ink-3" />
            <span className="num w-24 text-right text-ink-2">{t('campaigns.people_n', { n: letIn })}</span>
            <Signal tone={tone} icon={icon} quiet>
              {t(`campaigns.time.${state}`)}
            </Signal>
          </li>
        );
      })}
    </ul>
  );
}
