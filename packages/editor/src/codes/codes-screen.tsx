import type { CodePool } from '@signalbox/engine/codes/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Plus, TicketPercent } from 'lucide-react';
import { useState } from 'react';
import { problemFrom } from '../lib/api.ts';
import { codePoolsQuery } from '../lib/codes.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../ui/states.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { PoolDialog } from './pool-dialog.tsx';
import { PoolSignal } from './stock-line.tsx';

/** Pools of codes with what is left in each. */
export function CodesScreen() {
  const pools = useQuery(codePoolsQuery);
  const [adding, setAdding] = useState(false);
  const navigate = useNavigate();
  const all = pools.data ?? [];
  const add = (
    <Button kind="primary" onClick={() => setAdding(true)}>
      <Plus aria-hidden />
      {t('codes.new')}
    </Button>
  );
  return (
    <>
      <TopBar title={<ScreenTitle>{t('codes.title')}</ScreenTitle>} pageTitle={t('codes.title')}>
        {add}
      </TopBar>
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-4xl px-4 py-5 md:px-8 md:py-7">
          {pools.isPending ? (
            <div className="overflow-hidden rounded-lg border border-line bg-surface">
              <SkeletonRows label={t('loading')} rows={3} />
            </div>
          ) : null}
          {pools.isError ? (
            <ErrorState problem={problemFrom(pools.error)} onRetry={() => void pools.refetch()} />
          ) : null}
          {pools.isSuccess && all.length === 0 ? (
            <EmptyState
              art={<TicketPercent aria-hidden className="size-9 text-ink-3" />}
              title={t('codes.empty.title')}
              text={t('codes.empty.text')}
            >
              {add}
            </EmptyState>
          ) : null}
          {all.length === 0 ? null : (
            <ul
              aria-label={t('codes.list')}
              className="divide-y divide-line overflow-clip rounded-lg border border-line bg-surface shadow-card"
            >
              {all.map((pool) => (
                <PoolRow key={pool.id} pool={pool} />
              ))}
            </ul>
          )}
        </div>
      </div>
      {adding ? (
        <PoolDialog
          pool={null}
          onClose={() => setAdding(false)}
          onDone={({ id }) => void navigate({ to: '/campaigns/codes/$poolId', params: { poolId: id } })}
        />
      ) : null}
    </>
  );
}

function PoolRow({ pool }: { readonly pool: CodePool }) {
  const { id, name, key, given, redeemed, left } = pool;
  return (
    <li className="relative flex items-start gap-x-6 gap-y-1 px-4 py-3.5 transition-colors hover:bg-hover/60 has-[a:focus-visible]:outline-2 has-[a:focus-visible]:outline-focus has-[a:focus-visible]:-outline-offset-2 max-md:flex-col md:px-5">
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Link
            to="/campaigns/codes/$poolId"
            params={{ poolId: id }}
            dir="auto"
            className="font-semibold outline-none [overflow-wrap:anywhere] after:absolute after:inset-0"
          >
            {name}
          </Link>
          <PoolSignal pool={pool} />
        </div>
        <code className="mt-0.5 block font-mono text-ink-2 text-xs [overflow-wrap:anywhere]">{`{{ codes.${key} }}`}</code>
      </div>
      <div className="flex shrink-0 flex-col gap-1 md:items-end">
        <span className="num font-semibold">{t('codes.left_n', { n: left })}</span>
        <span className="num text-ink-2 text-sm">{t('codes.used', { given, redeemed })}</span>
      </div>
    </li>
  );
}
