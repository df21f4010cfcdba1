import type { Flow } from '@signalbox/engine/flows/contract';
import type { LinkTarget } from '@signalbox/engine/links/contract';
import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query';
import { type Page, problemFrom, query, request } from '../lib/api.ts';
import { formatNumber, formatShare } from '../lib/format.ts';
import { t } from '../lib/translate.ts';
import { Dialog } from '../ui/dialog.tsx';
import { More } from '../ui/more.tsx';
import { EmptyState, ErrorState, Skeleton } from '../ui/states.tsx';

const linksQuery = (flowId: string) =>
  infiniteQueryOptions({
    queryKey: ['flow_links', flowId],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      request<Page<LinkTarget>>('GET', `/links${query({ flow_id: flowId, cursor: pageParam, limit: 50 })}`, { signal }),
    getNextPageParam: (last) => last.next_cursor,
  });

/** Where the short links of a flow's messages lead, with the people who got and followed them. */
export function FlowLinksDialog({ flow, onClose }: { readonly flow: Flow; readonly onClose: () => void }) {
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t('flow_links.title')}
      description={t('flow_links.text')}
      width="max-w-2xl"
    >
      <Targets flowId={flow.id} />
    </Dialog>
  );
}

function Targets({ flowId }: { readonly flowId: string }) {
  const found = useInfiniteQuery(linksQuery(flowId));
  if (found.isPending) return <Skeleton className="h-24" />;
  if (found.isError)
    return <ErrorState problem={problemFrom(found.error)} onRetry={() => void found.refetch()} className="py-6" />;
  const targets = found.data.pages.flatMap((page) => page.data);
  if (targets.length === 0)
    return <EmptyState title={t('flow_links.none')} text={t('flow_links.none.text')} className="py-6" />;
  return (
    <>
      <table className="w-full text-sm">
        <thead className="text-ink-2">
          <tr className="border-line border-b text-left">
            <th className="py-2 pr-3 font-normal">{t('flow_links.target')}</th>
            <th className="px-3 py-2 text-right font-normal">{t('flow_links.people')}</th>
            <th className="py-2 pl-3 text-right font-normal">{t('flow_links.clicked')}</th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {targets.map(({ target, people, people_clicked }) => (
            <tr key={target}>
              <td className="py-2.5 pr-3">
                <bdi className="break-all">{target}</bdi>
              </td>
              <td className="num px-3 py-2.5 text-right align-top">{formatNumber(people)}</td>
              <td className="num whitespace-nowrap py-2.5 pl-3 text-right align-top">
                {t('flow_links.share', { n: people_clicked, share: formatShare(people_clicked / people) })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <More list={found} size="sm" className="pt-3 text-center" />
    </>
  );
}
