import type { Campaign, CampaignCheck } from '@signalbox/engine/campaigns/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleCheck, Clock, Link2, type LucideIcon, OctagonX } from 'lucide-react';
import { problemFrom } from '../lib/api.ts';
import { formatExact } from '../lib/format.ts';
import { shownAmount } from '../lib/micro-units.ts';
import { t, tr } from '../lib/translate.ts';
import { countryName } from '../people/country-name.ts';
import { nameOf } from '../people/names.ts';
import { ReachLine } from '../people/reach-line.tsx';
import { Section } from '../ui/section.tsx';
import { Signal, type SignalTone } from '../ui/signal.tsx';
import { ErrorState, Skeleton } from '../ui/states.tsx';
import { checkQuery } from './queries.ts';
import { TestSend } from './test-send.tsx';

const kindLook: Readonly<Record<string, readonly [SignalTone, LucideIcon]>> = {
  refuse: ['stop', OctagonX],
  left_out: ['stop', OctagonX],
  later: ['wait', Clock],
};

const linkTone: Readonly<Record<string, SignalTone>> = {
  fine: 'live',
  insecure: 'wait',
  broken: 'stop',
  unreachable: 'wait',
  not_asked: 'calm',
};

/** A country by its name; a number may be in none that is known. */
export const shownCountry = (code: string | null): string =>
  code === null ? t('campaigns.country.unknown') : countryName(code);

/** What would become of the campaign, as it is saved: whom it reaches, whom not and why, what it costs and when it is out. */
export function CheckPanel({ campaign }: { readonly campaign: Campaign }) {
  const check = useQuery(checkQuery(campaign.id, campaign.revision));
  const { data } = check;
  return (
    <Section
      title={t('campaigns.check')}
      text={data === undefined || data.exact ? undefined : t('campaigns.check.sampled', { n: data.looked_at })}
    >
      {check.isError ? (
        <ErrorState problem={problemFrom(check.error)} className="py-4" onRetry={() => void check.refetch()} />
      ) : null}
      {data === undefined && !check.isError ? <Skeleton className="h-40" /> : null}
      {data === undefined ? null : (
        <div aria-busy={check.isFetching} className="flex flex-col gap-4 aria-busy:cursor-progress">
          <div className="flex flex-col gap-1.5">
            <p role="status" className="num font-semibold text-xl">
              {t('campaigns.check.reached', { n: data.reached })}
            </p>
            <p className="text-ink-2 text-sm">{t('campaigns.check.of', { n: data.size })}</p>
            <ReachLine reach={data.reach} label={t('segments.reach')} />
          </div>
          <Outcomes check={data} />
          <Cost check={data} />
          <Links check={data} />
          <TestSend campaignId={campaign.id} />
        </div>
      )}
    </Section>
  );
}

function Outcomes({ check: { outcomes, with_gaps: gaps } }: { readonly check: CampaignCheck }) {
  if (outcomes.length === 0 && gaps === 0)
    return (
      <Signal tone="live" icon={CircleCheck} quiet>
        {t('campaigns.check.nothing')}
      </Signal>
    );
  return (
    <ul aria-label={t('campaigns.check.outcomes')} className="flex flex-col gap-1">
      {outcomes.map(({ kind, code, text, people, samples }) => {
        const [tone, icon] = kindLook[kind] ?? ['calm', Clock];
        return (
          <li key={`${kind} ${code}`}>
            <details className="rounded-md border border-line px-3 py-2">
              <summary className="cursor-pointer text-sm marker:text-ink-3">
                <Signal tone={tone} icon={icon} quiet className="mr-2">
                  {t(kind === 'later' ? 'campaigns.check.later' : 'campaigns.check.not', { n: people })}
                </Signal>
                <span dir="auto" className="text-ink-2 [overflow-wrap:anywhere]">
                  {tr(text)}
                </span>
              </summary>
              <ul aria-label={t('campaigns.check.some')} className="mt-2 flex flex-col">
                {samples.map((person) => (
                  <li key={person.contact_id}>
                    <Link
                      to="/contacts/$contactId"
                      params={{ contactId: person.contact_id }}
                      dir="auto"
                      className="block truncate rounded-md px-2 py-1 text-sm hover:bg-hover max-md:min-h-11"
                    >
                      {nameOf(person)}
                    </Link>
                  </li>
                ))}
              </ul>
            </details>
          </li>
        );
      })}
      {gaps === 0 ? null : <li className="px-3 py-1 text-ink-2 text-sm">{t('campaigns.check.gaps', { n: gaps })}</li>}
    </ul>
  );
}

function Cost({ check }: { readonly check: CampaignCheck }) {
  const { cost, segments, by_country: countries, unpriced, finishes_at: finishes } = check;
  if (countries.length === 0) return null;
  return (
    <div className="flex flex-col gap-2">
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
        <dt className="text-ink-3">{t('campaigns.check.cost')}</dt>
        <dd className="num text-right font-medium">
          {unpriced > 0 && cost.micro_units === '0'
            ? t('campaigns.check.unpriced', { n: unpriced })
            : shownAmount(cost.micro_units, cost.currency)}
        </dd>
        <dt className="text-ink-3">{t('campaigns.check.segments')}</dt>
        <dd className="num text-right">{t('campaigns.count', { n: segments })}</dd>
        <dt className="text-ink-3">{t('campaigns.check.finishes')}</dt>
        <dd className="text-right">
          {finishes === null ? t('campaigns.check.finishes.unknown') : formatExact(finishes)}
        </dd>
      </dl>
      <table className="w-full text-sm">
        <thead className="text-left text-ink-3 text-xs">
          <tr>
            <th scope="col" className="py-1 font-medium">
              {t('campaigns.check.country')}
            </th>
            <th scope="col" className="py-1 text-right font-medium">
              {t('campaigns.head.people')}
            </th>
            <th scope="col" className="py-1 text-right font-medium">
              {t('campaigns.check.cost')}
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line border-line border-t">
          {countries.map(({ country, people, micro_units: microUnits }) => (
            <tr key={country}>
              <th scope="row" className="py-1 text-left font-normal">
                {shownCountry(country)}
              </th>
              <td className="num py-1 text-right">{t('campaigns.count', { n: people })}</td>
              <td className="num py-1 text-right">
                {microUnits === null ? '–' : shownAmount(microUnits, cost.currency)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Links({ check: { links } }: { readonly check: CampaignCheck }) {
  if (links.length === 0) return null;
  return (
    <ul aria-label={t('campaigns.check.links')} className="flex flex-col gap-1 text-sm">
      {links.map(({ target, state }) => (
        <li key={target} className="flex items-center gap-2">
          <span className="min-w-0 flex-1 truncate text-ink-2" title={target}>
            {target}
          </span>
          <Signal tone={linkTone[state] ?? 'calm'} icon={Link2} quiet>
            {t(`campaigns.link.${state}`)}
          </Signal>
        </li>
      ))}
    </ul>
  );
}
