import type { TimelineItem } from '@signalbox/engine/inbox/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import {
  ArrowDownLeft,
  ArrowUpRight,
  CircleAlert,
  CircleStop,
  Flag,
  History,
  type LucideIcon,
  MousePointerClick,
  Route,
  ShieldCheck,
  Zap,
} from 'lucide-react';
import { useState } from 'react';
import { problemFrom } from '../lib/api.ts';
import { timelineQuery } from '../lib/queries.ts';
import { t, tOpen, tr } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Select } from '../ui/select.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';

const kinds = ['message', 'consent', 'flow', 'click', 'event'] as const;
const everything = 'all';
const consentActions = ['granted', 'confirmed', 'requested', 'expired', 'revoked'] as const;
const icons: Readonly<Record<string, LucideIcon>> = {
  'message in': ArrowDownLeft,
  'message out': ArrowUpRight,
  'flow entered': Route,
  'flow finished': Flag,
  'flow failed': CircleAlert,
  'flow stopped': CircleStop,
  'click clicked': MousePointerClick,
};

const iconOf = ({ kind, action }: TimelineItem): LucideIcon =>
  icons[`${kind} ${action}`] ?? (kind === 'consent' ? ShieldCheck : Zap);

function titleOf({ kind, action, purpose }: TimelineItem): string {
  if (kind === 'consent') {
    const known = consentActions.find((each) => each === action);
    const what = tOpen(`purpose.${purpose}`, purpose ?? '');
    return known === undefined ? action : t(`consent.event.${known}`, { purpose: what });
  }
  if (kind === 'click') return t('timeline.click');
  const named = tOpen(`timeline.${kind}.${action}`, '');
  return named === '' ? t('timeline.event', { type: action }) : named;
}

/** One thing that happened: what, with its words, how it came about, and where it leads. */
function Item({ item }: { readonly item: TimelineItem }) {
  const { kind, action, at, text, state, method, reason, flow_id, flow_name, message_id } = item;
  const Icon = iconOf(item);
  return (
    <li className="flex gap-3 px-4 py-3">
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-3" />
      <div className="min-w-0 flex-1 space-y-0.5">
        <p className="flex items-baseline gap-x-3">
          <span className="min-w-0 flex-1 font-medium [overflow-wrap:anywhere]">
            {message_id === null || kind === 'consent' ? (
              titleOf(item)
            ) : (
              <Link to="/messages/$messageId" params={{ messageId: message_id }} className="hover:underline">
                {titleOf(item)}
              </Link>
            )}
          </span>
          <Time at={at} className="shrink-0 text-ink-3 text-sm" />
        </p>
        {text === null || text === '' ? null : (
          <p dir="auto" className="whitespace-pre-wrap text-ink-2 [overflow-wrap:anywhere]">
            {text}
          </p>
        )}
        <p className="flex flex-wrap gap-x-3 text-ink-3 text-sm empty:hidden">
          {kind === 'message' && action === 'out' && state !== null ? (
            <span>{tOpen(`message.${state}`, state)}</span>
          ) : null}
          {method === null ? null : <span>{tOpen(`method.${method}`, '')}</span>}
          {reason === null ? null : <span dir="auto">{tr(reason.text)}</span>}
          {flow_id === null || flow_name === null ? null : (
            <Link
              to="/flows/$flowId"
              params={{ flowId: flow_id }}
              dir="auto"
              className="min-w-0 truncate text-action hover:underline"
            >
              {flow_name}
            </Link>
          )}
        </p>
      </div>
    </li>
  );
}

/** Everything that happened with a person, the latest first: messages, consent, flows, links and events. */
export function ContactTimeline({ contactId }: { readonly contactId: string }) {
  const [kind, setKind] = useState('');
  const list = useInfiniteQuery(timelineQuery(contactId, kind));
  const rows = list.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <div className="space-y-3">
      <Select
        label={t('timeline.filter')}
        className="w-44"
        value={kind === '' ? everything : kind}
        choices={[
          { value: everything, label: t('timeline.kind.all') },
          ...kinds.map((each) => ({ value: each, label: t(`timeline.kind.${each}`) })),
        ]}
        onChange={(value) => setKind(value === everything ? '' : value)}
      />
      {list.isPending ? <SkeletonRows label={t('loading')} rows={4} /> : null}
      {list.isError ? <ErrorState problem={problemFrom(list.error)} onRetry={() => void list.refetch()} /> : null}
      {list.isSuccess && rows.length === 0 ? (
        <EmptyState
          art={<History aria-hidden className="size-8 text-ink-3" />}
          title={t('timeline.empty.title')}
          text={t('timeline.empty.text')}
        />
      ) : null}
      {rows.length === 0 ? null : (
        <ol
          aria-label={t('timeline.title')}
          className="divide-y divide-line rounded-lg border border-line bg-surface shadow-card"
        >
          {rows.map((item) => (
            <Item
              key={`${item.kind} ${item.action} ${item.at} ${item.purpose} ${item.message_id} ${item.enrollment_id}`}
              item={item}
            />
          ))}
        </ol>
      )}
      {list.hasNextPage ? (
        <Button disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('action.more')}
        </Button>
      ) : null}
    </div>
  );
}
