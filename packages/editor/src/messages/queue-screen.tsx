import type { ErrorClusterView, Queue, QueueHold } from '@signalbox/engine/sending/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { toast } from 'sonner';
import { problemFrom, request } from '../lib/api.ts';
import { formatNumber } from '../lib/format.ts';
import { queryClient } from '../lib/queries.ts';
import { randomId } from '../lib/random-id.ts';
import { t } from '../lib/translate.ts';
import { Section } from '../ui/section.tsx';
import { EmptyState, ErrorState, Skeleton } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { type Cancel, CancelDialog } from './cancel-dialog.tsx';
import { drainTime, perMinute } from './drain-time.ts';
import { type Held, laneName } from './hold-names.ts';
import { Errors } from './queue-errors.tsx';
import { Holds } from './queue-holds.tsx';
import { Hour } from './queue-hour.tsx';
import { type Line, Lines, type Share } from './queue-lines.tsx';
import { errorsQuery, holdsQuery, queueQuery, ratesQuery, retriesQuery, unknownQuery } from './queue-queries.ts';
import { Rates } from './queue-rates.tsx';
import { Retries } from './queue-retries.tsx';
import { type Retry, RetryDialog } from './retry-dialog.tsx';
import { ShareDialog } from './share-dialog.tsx';
import { Unknowns } from './unknowns.tsx';

/** What waits to be sent: how much, for how long, how fast it moves, what holds it, and what went wrong. */
export function QueueScreen() {
  const queue = useQuery(queueQuery);
  const holds = useQuery(holdsQuery);
  const retries = useQuery(retriesQuery);
  const errors = useQuery(errorsQuery);
  const unknown = useQuery(unknownQuery);
  const rates = useQuery(ratesQuery);
  const [canceling, setCanceling] = useState<(Held & { readonly code?: string }) | null>(null);
  const [retrying, setRetrying] = useState<(Held & { readonly code?: string }) | null>(null);
  const [sharing, setSharing] = useState<Share | null>(null);
  const change = useQueueChange();
  const hold = (held: Held, mode: 'pause' | 'drain') =>
    change.mutate({ method: 'POST', path: '/queue/holds', body: { mode, ...held.subject } });
  const actions = { onHold: hold, onCancel: setCanceling, onRetry: setRetrying };
  const problem = queue.error ?? holds.error;
  return (
    <>
      <TopBar title={<ScreenTitle>{t('queue.title')}</ScreenTitle>} pageTitle={t('queue.title')} />
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-5xl flex-col gap-5 px-4 py-5 md:px-8 md:py-7">
          {queue.isPending ? <Skeleton className="h-56" /> : null}
          {problem === null ? null : (
            <ErrorState
              problem={problemFrom(problem)}
              onRetry={() => {
                void queue.refetch();
                void holds.refetch();
              }}
            />
          )}
          <Holds
            holds={holds.data?.data ?? []}
            onEnd={({ id }: QueueHold) => change.mutate({ method: 'DELETE', path: `/queue/holds/${id}` })}
          />
          <Retries
            retries={retries.data?.data ?? []}
            onUndo={({ id }) => change.mutate({ method: 'DELETE', path: `/queue/retries/${id}` })}
          />
          {queue.data === undefined ? null : (
            <>
              <Overview queue={queue.data} />
              <Unknowns messages={unknown.data?.data ?? []} />
              <Lines title={t('queue.lanes')} lines={lanesOf(queue.data)} {...actions} />
              <Lines title={t('queue.accounts')} lines={accountsOf(queue.data)} {...actions} />
              <Lines title={t('queue.flows')} lines={flowsOf(queue.data)} {...actions} onShare={setSharing} />
            </>
          )}
          {rates.data === undefined ? null : (
            <Rates
              accounts={rates.data.data}
              holds={holds.data?.data ?? []}
              onHold={hold}
              onEnd={({ id }: QueueHold) => change.mutate({ method: 'DELETE', path: `/queue/holds/${id}` })}
            />
          )}
          <Errors
            errors={errors.data?.data ?? []}
            onRetry={(error) => setRetrying(afterError(error))}
            onCancel={(error) => setCanceling(afterError(error))}
          />
        </div>
      </div>
      {canceling === null ? null : (
        <CancelDialog
          held={canceling}
          code={canceling.code}
          busy={change.isPending}
          onClose={() => setCanceling(null)}
          onConfirm={(body: Cancel) =>
            change.mutate({ method: 'POST', path: '/queue/cancels', body }, { onSettled: () => setCanceling(null) })
          }
        />
      )}
      {retrying === null ? null : (
        <RetryDialog
          held={retrying}
          code={retrying.code}
          busy={change.isPending}
          onClose={() => setRetrying(null)}
          onConfirm={(body: Retry) =>
            change.mutate({ method: 'POST', path: '/queue/retries', body }, { onSettled: () => setRetrying(null) })
          }
        />
      )}
      {sharing === null ? null : <ShareDialog share={sharing} onClose={() => setSharing(null)} />}
    </>
  );
}

function useQueueChange() {
  return useMutation({
    mutationFn: ({ method, path, body }: { method: 'POST' | 'DELETE'; path: string; body?: unknown }) =>
      request<unknown>(method, path, { ...(body === undefined ? {} : { body }), idempotencyKey: randomId() }),
    onError: (error) => toast.error(problemFrom(error).title),
    onSettled: () => void queryClient.invalidateQueries({ queryKey: ['queue'] }),
  });
}

/** What waits for another try after an error. */
const afterError = ({ account_id, account_name, error_code }: ErrorClusterView): Held & { readonly code?: string } => ({
  name: account_name ?? t('queue.removed_account'),
  subject: { account_id },
  ...(error_code === null ? {} : { code: error_code }),
});

const lanesOf = ({ lanes }: Queue): Line[] =>
  lanes.map((line) => ({ key: line.lane, line, name: laneName(line.lane), subject: { lane: line.lane } }));
const accountsOf = ({ accounts }: Queue): Line[] =>
  accounts.map((line) => ({
    key: line.account_id,
    line,
    name: line.name ?? t('queue.removed_account'),
    subject: { account_id: line.account_id },
  }));
const flowsOf = ({ flows }: Queue): Line[] =>
  flows.map((line) => ({
    key: line.flow_id,
    line,
    name: line.name ?? t('queue.removed_flow'),
    subject: { flow_id: line.flow_id },
  }));

function Overview({ queue }: { readonly queue: Queue }) {
  const quiet = queue.depth === 0 && queue.minutes.every(({ came, went }) => came === 0 && went === 0);
  if (quiet)
    return (
      <EmptyState
        art={<CircleCheck aria-hidden className="size-9 text-live" />}
        title={t('queue.empty')}
        text={t('queue.empty.text')}
      />
    );
  return (
    <Section title={t('queue.now')}>
      <dl className="mb-5 grid grid-cols-2 gap-x-6 gap-y-4 md:grid-cols-5">
        <Fact name={t('queue.depth')}>{formatNumber(queue.depth)}</Fact>
        <Fact name={t('queue.oldest')}>
          {queue.oldest_since === null ? t('queue.none') : <Time at={queue.oldest_since} />}
        </Fact>
        <Fact name={t('queue.came')}>{formatNumber(perMinute(queue.came_per_minute))}</Fact>
        <Fact name={t('queue.went')}>{formatNumber(perMinute(queue.went_per_minute))}</Fact>
        <Fact name={t('queue.drain_time')}>{drainTime(queue)}</Fact>
      </dl>
      <Hour minutes={queue.minutes} />
      <p className="mt-3 text-ink-2 text-sm">
        {t('queue.outside', { dispatching: queue.dispatching, unknown: queue.unknown })}
      </p>
    </Section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-ink-3 text-xs">{name}</dt>
      <dd className="num mt-0.5 font-semibold text-lg">{children}</dd>
    </div>
  );
}
