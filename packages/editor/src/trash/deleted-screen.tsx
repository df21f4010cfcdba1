import { useInfiniteQuery } from '@tanstack/react-query';
import { SearchX, UserRoundX } from 'lucide-react';
import { useState } from 'react';
import { problemFrom } from '../lib/api.ts';
import { deletedContactsQuery } from '../lib/deleted-contacts.ts';
import { t } from '../lib/translate.ts';
import { ListCard } from '../ui/list-card.tsx';
import { More } from '../ui/more.tsx';
import { SearchBox } from '../ui/search-box.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../ui/states.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { DeletedRow } from './deleted-row.tsx';

/** People who were deleted and can still be taken back. */
export function DeletedScreen() {
  const [search, setSearch] = useState('');
  const list = useInfiniteQuery(deletedContactsQuery(search));
  const rows = list.data?.pages.flatMap((page) => page.data) ?? [];
  const total = list.data?.pages[0]?.total ?? 0;
  const nobody = list.isSuccess && rows.length === 0;
  return (
    <>
      <TopBar
        title={<ScreenTitle>{t('deleted.title')}</ScreenTitle>}
        pageTitle={t('deleted.title')}
        state={
          list.isSuccess ? (
            <span className="num whitespace-nowrap text-ink-3 text-sm">{t('contacts.total', { n: total })}</span>
          ) : null
        }
      />
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-4xl px-4 py-5 md:px-8 md:py-7">
          {nobody && search === '' ? null : (
            <div className="mb-4 flex flex-col gap-3">
              <p className="max-w-prose text-ink-2">{t('deleted.intro')}</p>
              <SearchBox value={search} onChange={setSearch} label={t('contacts.search')} className="w-full max-w-sm" />
            </div>
          )}
          {list.isPending ? (
            <div className="overflow-hidden rounded-lg border border-line bg-surface">
              <SkeletonRows label={t('loading')} />
            </div>
          ) : null}
          {list.isError ? <ErrorState problem={problemFrom(list.error)} onRetry={() => void list.refetch()} /> : null}
          {nobody && search === '' ? (
            <EmptyState
              art={<UserRoundX aria-hidden className="size-9 text-ink-3" />}
              title={t('deleted.empty.title')}
              text={t('deleted.empty.text')}
            />
          ) : null}
          {nobody && search !== '' ? (
            <EmptyState
              art={<SearchX aria-hidden className="size-8 text-ink-3" />}
              title={t('contacts.none_found', { search })}
              text={t('contacts.none_found.text')}
            />
          ) : null}
          {rows.length === 0 ? null : (
            <ListCard
              label={t('deleted.title')}
              heads={
                <>
                  <span className="flex-1 pl-13">{t('contacts.head.person')}</span>
                  <span className="w-32">{t('deleted.head.deleted')}</span>
                  <span className="w-32">{t('deleted.head.erased')}</span>
                  <span className="w-40" />
                </>
              }
            >
              {rows.map((person) => (
                <DeletedRow key={person.id} person={person} />
              ))}
            </ListCard>
          )}
          <More list={list} className="pt-4 text-center" />
        </div>
      </div>
    </>
  );
}
