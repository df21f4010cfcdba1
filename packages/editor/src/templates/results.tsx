import type { Template, TemplateResults } from '@signalbox/engine/templates/contract';
import { useQuery } from '@tanstack/react-query';
import { problemFrom } from '../lib/api.ts';
import { formatNumber, formatShares } from '../lib/format.ts';
import { t } from '../lib/translate.ts';
import { languageName } from '../people/languages.ts';
import { Scrolled } from '../ui/scrolled.tsx';
import { Section } from '../ui/section.tsx';
import { ErrorState, Skeleton } from '../ui/states.tsx';
import { templateResultsQuery } from './queries.ts';

type Row = TemplateResults['data'][number];

const measures = ['delivered', 'clicked', 'replied', 'opted_out'] as const;

/** What became of its messages, by version, language and gaps: people, and between which shares that of all like them is likely to lie. */
export function Results({ template }: { readonly template: Template }) {
  const results = useQuery(templateResultsQuery(template.id));
  const { data } = results;
  return (
    <Section
      title={t('templates.results')}
      text={data === undefined ? undefined : t('templates.results.text', { hours: data.hours })}
    >
      {results.isPending ? <Skeleton className="h-24" /> : null}
      {results.isError ? (
        <ErrorState problem={problemFrom(results.error)} onRetry={() => void results.refetch()} className="py-4" />
      ) : null}
      {data?.data.length === 0 ? <p className="text-ink-3 text-sm">{t('templates.results.none')}</p> : null}
      {data === undefined || data.data.length === 0 ? null : (
        <>
          <Scrolled label={t('templates.results.table')}>
            <table className="w-full min-w-150 text-sm">
              <thead className="text-left text-ink-3 text-xs">
                <tr>
                  <th scope="col" className="py-1.5 pr-3 font-medium">
                    {t('templates.results.who')}
                  </th>
                  <th scope="col" className="py-1.5 pr-3 text-right font-medium">
                    {t('templates.results.sent')}
                  </th>
                  {measures.map((measure) => (
                    <th key={measure} scope="col" className="py-1.5 pr-3 text-right font-medium last:pr-0">
                      {t(`templates.results.${measure}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody className="divide-y divide-line border-line border-t">
                {data.data.map((row) => (
                  <ResultRow key={`${row.version} ${row.language} ${row.gaps}`} row={row} />
                ))}
              </tbody>
            </table>
          </Scrolled>
          <p className="mt-3 text-ink-3 text-sm">
            {data.complete ? t('templates.results.interval') : t('templates.results.newest', { n: data.messages })}
          </p>
        </>
      )}
    </Section>
  );
}

function nameOf({ version, language, gaps }: Row): string {
  if (language !== null) return languageName(language);
  if (gaps !== null) return t(gaps ? 'templates.results.gaps' : 'templates.results.no_gaps');
  return t('template.version_n', { n: version });
}

function ResultRow({ row }: { readonly row: Row }) {
  const isPart = row.language !== null || row.gaps !== null;
  return (
    <tr className="align-baseline">
      <th
        scope="row"
        className={isPart ? 'py-1.5 pr-3 pl-4 text-left font-normal text-ink-2' : 'py-2 pr-3 text-left font-semibold'}
      >
        {nameOf(row)}
      </th>
      <td className="num py-1.5 pr-3 text-right">{formatNumber(row.sent)}</td>
      {measures.map((measure) => (
        <td key={measure} className="num py-1.5 pr-3 text-right last:pr-0">
          {formatNumber(row[measure].people)}
          <span className="block whitespace-nowrap text-ink-3 text-xs">
            {formatShares(row[measure].low, row[measure].high)}
          </span>
        </td>
      ))}
    </tr>
  );
}
