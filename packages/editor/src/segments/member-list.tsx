import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { problemFrom } from '../lib/api.ts';
import { formatPhone } from '../lib/format.ts';
import { t } from '../lib/translate.ts';
import { Avatar } from '../people/avatar.tsx';
import { hasName, nameOf } from '../people/names.ts';
import { Button } from '../ui/button.tsx';
import { Section } from '../ui/section.tsx';
import { ErrorState, SkeletonRows } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import { segmentMembersQuery } from './queries.ts';

/** Who is in a segment, page by page. */
export function MemberList({ segmentId }: { readonly segmentId: string }) {
  const members = useInfiniteQuery(segmentMembersQuery(segmentId));
  const people = members.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <Section title={t('segments.members')}>
      {members.isPending ? <SkeletonRows label={t('loading')} rows={3} /> : null}
      {members.isError ? (
        <ErrorState problem={problemFrom(members.error)} onRetry={() => void members.refetch()} />
      ) : null}
      {members.isSuccess && people.length === 0 ? (
        <p className="text-ink-2">{t('segments.members.nobody')}</p>
      ) : (
        <ul aria-label={t('segments.members')} className="-mx-2 divide-y divide-line">
          {people.map((person) => (
            <li
              key={person.contact_id}
              className="relative flex items-center gap-3 rounded-md px-2 py-2 hover:bg-hover/60"
            >
              <Avatar name={nameOf(person)} />
              <div className="min-w-0 flex-1">
                <Link
                  to="/contacts/$contactId"
                  params={{ contactId: person.contact_id }}
                  dir="auto"
                  className="block truncate font-medium outline-none after:absolute after:inset-0 focus-visible:underline"
                >
                  {nameOf(person)}
                </Link>
                {hasName(person) ? <p className="num text-ink-2 text-sm">{formatPhone(person.phone)}</p> : null}
              </div>
              <span className="text-ink-3 text-sm max-md:hidden">{t('segments.since')}</span>
              <Time at={person.since} className="text-ink-3 text-sm" />
            </li>
          ))}
        </ul>
      )}
      {members.hasNextPage ? (
        <Button className="mt-3" disabled={members.isFetchingNextPage} onClick={() => void members.fetchNextPage()}>
          {t('segments.more')}
        </Button>
      ) : null}
    </Section>
  );
}
