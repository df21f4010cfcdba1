import type { CodePool } from '@signalbox/engine/codes/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Archive, ArchiveRestore, ChevronRight, Pencil, Plus } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { problemFrom, problemLine, request } from '../lib/api.ts';
import { formatNumber } from '../lib/format.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { MissingState } from '../ui/missing-state.tsx';
import { Section } from '../ui/section.tsx';
import { ErrorState, Skeleton } from '../ui/states.tsx';
import { TopBar } from '../ui/top-bar.tsx';
import { AddDialog } from './add-dialog.tsx';
import { GivenList } from './given-list.tsx';
import { PoolDialog } from './pool-dialog.tsx';
import { codePoolQuery, rememberPool } from './queries.ts';
import { PoolSignal } from './stock-line.tsx';

/** One pool: how many codes it has left, how texts name it, and who was given which. */
export function PoolScreen() {
  const { poolId } = useParams({ from: '/frame/campaigns/codes/$poolId' });
  const found = useQuery(codePoolQuery(poolId));
  const pool = found.data ?? null;
  if (found.isError && problemFrom(found.error).status === 404) return <Missing />;
  return (
    <>
      <TopBar
        pageTitle={pool?.name ?? t('codes.title')}
        title={
          <nav aria-label={t('nav.crumbs')} className="flex min-w-0 items-center gap-1">
            <Link to="/campaigns/codes" className="rounded-md px-1 py-1 text-ink-3 hover:text-ink">
              {t('codes.title')}
            </Link>
            <ChevronRight aria-hidden className="size-4 shrink-0 text-ink-3" />
            <h1 dir="auto" className="truncate px-1 text-lg">
              {pool?.name ?? ''}
            </h1>
          </nav>
        }
        state={pool === null ? null : <PoolSignal pool={pool} />}
      >
        {pool === null ? null : <Actions pool={pool} />}
      </TopBar>
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-4xl flex-col gap-5 px-4 py-5 md:px-8 md:py-7">
          {found.isPending ? <Skeleton className="h-48" /> : null}
          {found.isError ? (
            <ErrorState problem={problemFrom(found.error)} onRetry={() => void found.refetch()} />
          ) : null}
          {pool === null ? null : (
            <>
              <Stock pool={pool} />
              <GivenList poolId={pool.id} />
            </>
          )}
        </div>
      </div>
    </>
  );
}

function Stock({ pool }: { readonly pool: CodePool }) {
  const facts = (['left', 'given', 'redeemed'] as const).map((key) => ({ key, value: formatNumber(pool[key]) }));
  return (
    <Section title={t('codes.stock')} text={t('codes.stock.text')}>
      <dl className="flex flex-wrap gap-x-10 gap-y-3">
        {facts.map(({ key, value }) => (
          <div key={key}>
            <dt className="text-ink-3 text-sm">{t(`codes.${key}`)}</dt>
            <dd className="num font-semibold text-xl">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-4 text-ink-2 text-sm">
        {t('codes.in_texts')}{' '}
        <code className="rounded-sm bg-sunken px-1.5 py-0.5 font-mono text-ink text-xs [overflow-wrap:anywhere]">
          {`{{ codes.${pool.key} }}`}
        </code>
      </p>
      {pool.low_at === null ? null : (
        <p className="num mt-1 text-ink-3 text-sm">{t('codes.low_below', { n: pool.low_at })}</p>
      )}
    </Section>
  );
}

function Actions({ pool }: { readonly pool: CodePool }) {
  const [open, setOpen] = useState<'edit' | 'add' | null>(null);
  const change = useMutation({
    mutationFn: (archived: boolean) =>
      request<CodePool>('PATCH', `/code-pools/${pool.id}`, { body: { archived }, revision: pool.revision }),
    onSuccess: rememberPool,
    onError: (error) => toast.error(problemLine(problemFrom(error))),
  });
  const Icon = pool.archived ? ArchiveRestore : Archive;
  return (
    <>
      <Button disabled={change.isPending} onClick={() => change.mutate(!pool.archived)}>
        <Icon aria-hidden />
        <span className="max-md:sr-only">{t(pool.archived ? 'codes.bring_back' : 'codes.archive')}</span>
      </Button>
      <Button onClick={() => setOpen('edit')}>
        <Pencil aria-hidden />
        <span className="max-md:sr-only">{t('codes.edit')}</span>
      </Button>
      <Button kind="primary" onClick={() => setOpen('add')}>
        <Plus aria-hidden />
        {t('codes.add')}
      </Button>
      {open === 'edit' ? <PoolDialog pool={pool} onClose={() => setOpen(null)} /> : null}
      {open === 'add' ? <AddDialog pool={pool} onClose={() => setOpen(null)} /> : null}
    </>
  );
}

function Missing() {
  return (
    <MissingState title={t('codes.missing.title')} text={t('goals.missing.text')}>
      <Button asChild>
        <Link to="/campaigns/codes">{t('codes.all')}</Link>
      </Button>
    </MissingState>
  );
}
