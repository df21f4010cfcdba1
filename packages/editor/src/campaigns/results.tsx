import type { Campaign, CampaignResults, CampaignSummary } from '@signalbox/engine/campaigns/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { problemFrom } from '../lib/api.ts';
import { formatNumber, formatShares } from '../lib/format.ts';
import { shownAmount } from '../lib/micro-units.ts';
import { t, tr } from '../lib/translate.ts';
import { Combobox } from '../ui/combobox.tsx';
import { Scrolled } from '../ui/scrolled.tsx';
import { Section } from '../ui/section.tsx';
import { ErrorState, Skeleton } from '../ui/states.tsx';
import { shownCountry } from './check-panel.tsx';
import { campaignsQuery, resultsQuery } from './queries.ts';

type Measured = Pick<CampaignResults, 'sent' | 'delivered' | 'clicked' | 'replied' | 'opted_out'>;

const measures = ['delivered', 'clicked', 'replied', 'opted_out'] as const;

/** What became of it: people, and between which shares that of all like them is likely to lie. Another campaign can stand beside it. */
export function Results({ campaign }: { readonly campaign: Campaign }) {
  const results = useQuery(resultsQuery(campaign.id));
  const [other, setOther] = useState<CampaignSummary | null>(null);
  const { data } = results;
  return (
    <Section
      title={t('campaigns.results')}
      text={data === undefined ? undefined : t('campaigns.results.text', { hours: data.hours })}
    >
      {results.isPending ? <Skeleton className="h-24" /> : null}
      {results.isError ? (
        <ErrorState problem={problemFrom(results.error)} onRetry={() => void results.refetch()} className="py-4" />
      ) : null}
      {data === undefined ? null : (
        <div className="flex flex-col gap-4">
          <Scrolled label={t('campaigns.results.table')}>
            <table className="w-full min-w-150 text-sm">
              <thead className="text-left text-ink-3 text-xs">
                <tr>
                  <th scope="col" className="py-1.5 pr-3 font-medium">
                    {t('campaigns.results.who')}
                  </th>
                  <th scope="col" className="py-1.5 pr-3 text-right font-medium">
                    {t('campaigns.results.sent')}
                  </th>
                  {measures.map((measure) => (
                    <th key={measure} scope="col" className="py-1.5 pr-3 text-right font-medium last:pr-0">
                      {t(`campaigns.results.${measure}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody className="divide-y divide-line border-line border-t">
                <Row name={other === null ? t('campaigns.results.all') : campaign.name} row={data} isWhole />
                {other === null ? null : <Other campaign={other} />}
                {data.by_country.length < 2
                  ? null
                  : data.by_country.map((row) => <Row key={row.country} name={shownCountry(row.country)} row={row} />)}
                {data.by_segment.map((row) => (
                  <Row key={row.segment_id} name={t('campaigns.audience.segment_of', { name: row.name })} row={row} />
                ))}
              </tbody>
            </table>
          </Scrolled>
          {data.refusals.length === 0 ? null : (
            <ul aria-label={t('campaigns.results.refusals')} className="flex flex-col gap-1 text-sm">
              {data.refusals.map(({ code, text, people }) => (
                <li key={code} className="flex gap-3">
                  <span className="num w-16 shrink-0 text-right text-ink-2">{formatNumber(people)}</span>
                  <span dir="auto">{tr(text)}</span>
                </li>
              ))}
            </ul>
          )}
          <p className="text-ink-3 text-sm">
            {t('campaigns.results.cost', { cost: shownAmount(data.cost.micro_units, data.cost.currency) })}{' '}
            {t(data.complete ? 'campaigns.results.interval' : 'campaigns.results.newest')}
          </p>
          <Compare campaign={campaign} other={other} onChange={setOther} />
        </div>
      )}
    </Section>
  );
}

function Row({
  name,
  row,
  isWhole = false,
}: {
  readonly name: string;
  readonly row: Measured;
  readonly isWhole?: boolean;
}) {
  return (
    <tr className="align-baseline">
      <th
        scope="row"
        dir="auto"
        className={isWhole ? 'py-2 pr-3 text-left font-semibold' : 'py-1.5 pr-3 pl-4 text-left font-normal text-ink-2'}
      >
        {name}
      </th>
      <td className="num py-1.5 pr-3 text-right">{formatNumber(row.sent)}</td>
      {measures.map((measure) => (
        <td key={measure} className="num py-1.5 pr-3 text-right last:pr-0">
          {formatNumber(row[measure].people)}
          <span className="block whitespace-nowrap text-ink-3 text-xs">
            {row.sent === 0 ? '–' : formatShares(row[measure].low, row[measure].high)}
          </span>
        </td>
      ))}
    </tr>
  );
}

function Other({ campaign }: { readonly campaign: CampaignSummary }) {
  const { data } = useQuery(resultsQuery(campaign.id));
  if (data === undefined)
    return (
      <tr>
        <td colSpan={6}>
          <Skeleton className="my-2 h-8" />
        </td>
      </tr>
    );
  return <Row name={campaign.name} row={data} isWhole />;
}

/** Chooses another campaign whose results stand beside these. */
function Compare({
  campaign,
  other,
  onChange,
}: {
  readonly campaign: Campaign;
  readonly other: CampaignSummary | null;
  readonly onChange: (other: CampaignSummary | null) => void;
}) {
  const found = useInfiniteQuery(campaignsQuery({}));
  const others = (found.data?.pages.flatMap(({ data }) => data) ?? []).filter(
    ({ id, people }) => id !== campaign.id && people.let_in > 0,
  );
  if (others.length === 0) return null;
  return (
    <div className="max-w-80">
      <Combobox
        label={t('campaigns.compare')}
        value={other?.id ?? ''}
        choices={[
          { value: '', label: t('campaigns.compare.none') },
          ...others.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={(id) => onChange(others.find((each) => each.id === id) ?? null)}
        placeholder={t('campaigns.compare')}
        search={t('campaigns.search')}
      />
    </div>
  );
}
