import type { GivenCode } from '@signalbox/engine/codes/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleCheck } from 'lucide-react';
import { problemFrom } from '../lib/api.ts';
import { t } from '../lib/translate.ts';
import { nameOf } from '../people/names.ts';
import { More } from '../ui/more.tsx';
import { Section } from '../ui/section.tsx';
import { Signal } from '../ui/signal.tsx';
import { ErrorState, SkeletonRows } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import { givenQuery } from './queries.ts';

/** Who was given which code, the last first, and who redeemed it. */
export function GivenList({ poolId }: { readonly poolId: string }) {
  const list = useInfiniteQuery(givenQuery(poolId));
  const rows = list.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <Section title={t('codes.given_to')}>
      {list.isPending ? <SkeletonRows label={t('loading')} rows={3} /> : null}
      {list.isError ? <ErrorState problem={problemFrom(list.error)} onRetry={() => void list.refetch()} /> : null}
      {list.isSuccess && rows.length === 0 ? (
        <p className="text-ink-2">{t('codes.given_to.nobody')}</p>
      ) : (
        <ul aria-label={t('codes.given_to')} className="divide-y divide-line">
          {rows.map((row) => (
            <GivenRow key={row.code} given={row} />
          ))}
        </ul>
      )}
      <More list={list} className="mt-3" />
    </Section>
  );
}

function GivenRow({ given }: { readonly given: GivenCode }) {
  const { code, contact_id: contactId, phone, given_at, redeemed_at } = given;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
      <code className="min-w-0 font-mono text-sm [overflow-wrap:anywhere] sm:w-52">{code}</code>
      <span className="min-w-0 flex-1 basis-40">
        {contactId === null || phone === null ? (
          <span className="text-ink-3">{t('goals.deleted_person')}</span>
        ) : (
          <Link
            to="/contacts/$contactId"
            params={{ contactId }}
            dir="auto"
            className="inline-flex min-h-6 items-center rounded-sm font-medium underline-offset-4 hover:underline"
          >
            {nameOf({ ...given, phone })}
          </Link>
        )}
      </span>
      {redeemed_at === null ? null : (
        <Signal tone="live" icon={CircleCheck} quiet>
          {t('codes.redeemed')}
        </Signal>
      )}
      <Time at={redeemed_at ?? given_at} className="text-ink-3 text-sm" />
    </li>
  );
}
