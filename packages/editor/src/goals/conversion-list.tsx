import type { Conversion, Goal } from '@signalbox/engine/goals/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { problemFrom } from '../lib/api.ts';
import { formatPhone } from '../lib/format.ts';
import { shownAmount } from '../lib/micro-units.ts';
import { t } from '../lib/translate.ts';
import { Avatar } from '../people/avatar.tsx';
import { hasName, nameOf } from '../people/names.ts';
import { Button } from '../ui/button.tsx';
import { More } from '../ui/more.tsx';
import { Section } from '../ui/section.tsx';
import { ErrorState, SkeletonRows } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import { conversionsQuery } from './queries.ts';

/** Who reached a goal, the latest first. */
export function ConversionList({ goal }: { readonly goal: Goal }) {
  const list = useInfiniteQuery(conversionsQuery(goal.id));
  const rows = list.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <Section
      title={t('goals.who')}
      actions={
        rows.length === 0 ? null : (
          <Button asChild size="sm">
            <a href={`/api/v1/goals/${goal.id}/conversions/export`} download>
              <Download aria-hidden />
              {t('goals.export')}
            </a>
          </Button>
        )
      }
    >
      {list.isPending ? <SkeletonRows label={t('loading')} rows={3} /> : null}
      {list.isError ? <ErrorState problem={problemFrom(list.error)} onRetry={() => void list.refetch()} /> : null}
      {list.isSuccess && rows.length === 0 ? (
        <p className="text-ink-2">{t('goals.nobody')}</p>
      ) : (
        <ul aria-label={t('goals.who')} className="-mx-2 divide-y divide-line">
          {rows.map((conversion) => (
            <ConversionRow key={conversion.event_id} conversion={conversion} isWorth={goal.currency !== null} />
          ))}
        </ul>
      )}
      <More list={list} className="mt-3" />
    </Section>
  );
}

function ConversionRow({ conversion, isWorth }: { readonly conversion: Conversion; readonly isWorth: boolean }) {
  const { contact_id: contactId, phone, at, micro_units, currency } = conversion;
  const person = { ...conversion, phone: phone ?? '' };
  return (
    <li className="relative flex items-center gap-3 rounded-md px-2 py-2 hover:bg-hover/60">
      {phone === null ? (
        <p className="min-w-0 flex-1 text-ink-3">{t('goals.deleted_person')}</p>
      ) : (
        <>
          <Avatar name={nameOf(person)} />
          <div className="min-w-0 flex-1">
            <Link
              to="/contacts/$contactId"
              params={{ contactId }}
              dir="auto"
              className="block truncate font-medium outline-none after:absolute after:inset-0 focus-visible:underline"
            >
              {nameOf(person)}
            </Link>
            {hasName(person) ? <p className="num text-ink-2 text-sm">{formatPhone(phone)}</p> : null}
          </div>
        </>
      )}
      {isWorth ? (
        <span className="num shrink-0 text-right text-sm">
          {micro_units === null || currency === null ? (
            <span className="text-wait">{t('goals.no_value')}</span>
          ) : (
            shownAmount(micro_units, currency)
          )}
        </span>
      ) : null}
      <Time at={at} className="shrink-0 text-ink-3 text-sm" />
    </li>
  );
}
