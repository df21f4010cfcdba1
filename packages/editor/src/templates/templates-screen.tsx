import type { TemplateEntry } from '@signalbox/engine/templates/contract';
import { summariseTemplate } from '@signalbox/nodes/templates/template-summary';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { NotebookText, Plus, SearchX } from 'lucide-react';
import { useState } from 'react';
import { problemFrom } from '../lib/api.ts';
import { type TemplatesSearch, templatesQuery } from '../lib/templates.ts';
import { t } from '../lib/translate.ts';
import { languageName } from '../people/languages.ts';
import { Button } from '../ui/button.tsx';
import { DensitySwitch, ListCard } from '../ui/list-card.tsx';
import { More } from '../ui/more.tsx';
import { SearchBox } from '../ui/search-box.tsx';
import { Select } from '../ui/select.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { NameDialog } from './name-dialog.tsx';
import { VersionSignal } from './version-signal.tsx';

const everything = 'all';

/** Templates and snippets, the last changed first. */
export function TemplatesScreen() {
  const search = useSearch({ from: '/frame/messages/templates' });
  const navigate = useNavigate({ from: '/messages/templates' });
  const [adding, setAdding] = useState(false);
  const found = useInfiniteQuery(templatesQuery(search));
  const rows = found.data?.pages.flatMap((page) => page.data) ?? [];
  const filtered = search.kind !== undefined || search.search !== undefined || search.archived === true;
  const empty = found.isSuccess && rows.length === 0;
  const set = (next: TemplatesSearch) => {
    const kept = Object.entries({ ...search, ...next }).filter(([, value]) => value !== undefined && value !== '');
    void navigate({ search: Object.fromEntries(kept), replace: true });
  };
  const add = (
    <Button kind="primary" onClick={() => setAdding(true)}>
      <Plus aria-hidden />
      {t('templates.new')}
    </Button>
  );
  return (
    <>
      <TopBar title={<ScreenTitle>{t('templates.title')}</ScreenTitle>} pageTitle={t('templates.title')}>
        {empty && !filtered ? null : add}
      </TopBar>
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-5xl px-4 py-5 md:px-8 md:py-7">
          {empty && !filtered ? null : (
            <div className="mb-4 flex flex-wrap items-center gap-2">
              <SearchBox
                value={search.search ?? ''}
                onChange={(text) => set({ search: text === '' ? undefined : text })}
                label={t('templates.search')}
                className="w-full max-w-sm max-md:max-w-none"
              />
              <Select
                label={t('templates.kind')}
                className="w-56 max-md:flex-1"
                value={search.kind ?? everything}
                choices={[
                  { value: everything, label: t('templates.kind.all') },
                  { value: 'template', label: t('templates.kind.templates') },
                  { value: 'snippet', label: t('templates.kind.snippets') },
                ]}
                onChange={(kind) => set({ kind: kind === everything ? undefined : kind })}
              />
              <Select
                label={t('templates.archive')}
                className="w-36 max-md:flex-1"
                value={search.archived === true ? 'archived' : 'present'}
                choices={[
                  { value: 'present', label: t('templates.present') },
                  { value: 'archived', label: t('templates.archived') },
                ]}
                onChange={(value) => set({ archived: value === 'archived' ? true : undefined })}
              />
              <span className="flex-1 max-md:hidden" />
              <DensitySwitch />
            </div>
          )}
          {found.isPending ? (
            <div className="overflow-hidden rounded-lg border border-line bg-surface">
              <SkeletonRows label={t('loading')} rows={4} />
            </div>
          ) : null}
          {found.isError ? (
            <ErrorState problem={problemFrom(found.error)} onRetry={() => void found.refetch()} />
          ) : null}
          {empty ? <Nothing filtered={filtered} add={add} /> : null}
          {rows.length === 0 ? null : (
            <ListCard
              label={t('templates.title')}
              heads={
                <>
                  <span className="w-72">{t('templates.name')}</span>
                  <span className="flex-1">{t('templates.head.text')}</span>
                  <span className="w-36">{t('templates.head.version')}</span>
                  <span className="w-28 text-right">{t('templates.head.changed')}</span>
                </>
              }
            >
              {rows.map((entry) => (
                <Row key={entry.id} entry={entry} />
              ))}
            </ListCard>
          )}
          <More list={found} className="pt-4 text-center" />
        </div>
      </div>
      {adding ? (
        <NameDialog
          template={null}
          onClose={() => setAdding(false)}
          onDone={({ id }) => void navigate({ to: '/messages/templates/$templateId', params: { templateId: id } })}
        />
      ) : null}
    </>
  );
}

function Nothing({ filtered, add }: { readonly filtered: boolean; readonly add: React.ReactNode }) {
  if (filtered)
    return (
      <EmptyState
        art={<SearchX aria-hidden className="size-8 text-ink-3" />}
        title={t('templates.none_found')}
        text={t('templates.none_found.text')}
      >
        <Button asChild>
          <Link to="/messages/templates">{t('templates.show_all')}</Link>
        </Button>
      </EmptyState>
    );
  return (
    <EmptyState
      art={<NotebookText aria-hidden className="size-9 text-ink-3" />}
      title={t('templates.empty.title')}
      text={t('templates.empty.text')}
    >
      {add}
    </EmptyState>
  );
}

function Row({ entry }: { readonly entry: TemplateEntry }) {
  const { id, name, kind, key, languages, text, updated_at } = entry;
  return (
    <li className="relative flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 transition-colors hover:bg-hover/60 has-[a:focus-visible]:outline-2 has-[a:focus-visible]:outline-focus has-[a:focus-visible]:-outline-offset-2 md:group-data-[density=compact]/list:py-1">
      <span className="w-72 min-w-0 max-md:w-full">
        <Link
          to="/messages/templates/$templateId"
          params={{ templateId: id }}
          dir="auto"
          className="block truncate font-medium outline-none after:absolute after:inset-0"
        >
          {name}
        </Link>
        <span className="flex flex-wrap gap-x-2 text-ink-3 text-sm">
          <span>{t(kind === 'snippet' ? 'templates.kind.snippet' : 'templates.kind.template')}</span>
          {key === null ? null : <code className="font-mono text-xs leading-5">{key}</code>}
          <span title={languages.map(languageName).join(', ')}>
            {languages.length === 1
              ? languageName(languages[0] ?? '')
              : t('templates.languages', { n: languages.length })}
          </span>
        </span>
      </span>
      <span
        dir="auto"
        className="line-clamp-2 min-w-0 flex-1 text-left text-ink-2 text-sm [overflow-wrap:anywhere] max-md:basis-full"
      >
        {text === '' ? t('templates.no_text') : summariseTemplate(text)}
      </span>
      <span className="flex w-36 max-md:flex-1">
        <VersionSignal template={entry} />
      </span>
      <Time at={updated_at} className="w-28 text-right text-ink-3 text-sm max-md:w-auto" />
    </li>
  );
}
