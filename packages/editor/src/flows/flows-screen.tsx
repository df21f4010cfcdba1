import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Archive, MessageSquareText, Plus, SearchX } from 'lucide-react';
import { useMemo, useState } from 'react';
import { problemFrom } from '../lib/api.ts';
import { type AppCommand, useCommands } from '../lib/commands.ts';
import { archivedFlowsQuery, flowsQuery } from '../lib/queries.ts';
import { useSession } from '../lib/session.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { DensitySwitch } from '../ui/list-card.tsx';
import { More } from '../ui/more.tsx';
import { SearchBox } from '../ui/search-box.tsx';
import { Select } from '../ui/select.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../ui/states.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { CreateFlowDialog } from './create-flow-dialog.tsx';
import { ArchivedList, FlowList } from './flow-lists.tsx';
import { FlowsArt } from './flows-art.tsx';
import { SampleNotice } from './sample-notice.tsx';
import { useCreateFlow } from './use-create-flow.ts';

const every = 'all';
const archived = 'archived';

/** All flows: what each does, its state, its people. */
export function FlowsScreen() {
  const search = useSearch({ from: '/frame/flows' });
  const navigate = useNavigate({ from: '/flows' });
  const session = useSession();
  const [creating, setCreating] = useState(false);
  const create = useCreateFlow();
  const { mutate, isPending } = create;
  const showsArchived = search.state === archived;
  const flows = useInfiniteQuery(
    showsArchived ? archivedFlowsQuery(search.search ?? '') : flowsQuery(search.search ?? '', search.state ?? ''),
  );
  const rows = flows.data?.pages.flatMap((page) => page.data) ?? [];
  const filtered = (search.search ?? '') !== '' || (search.state ?? '') !== '';
  const commands = useMemo(
    (): AppCommand[] => [
      {
        id: 'flows.create',
        label: t('flows.create'),
        group: t('commands.group.create'),
        keys: ['KeyN'],
        run: () => setCreating(true),
      },
      {
        id: 'flows.keyword_reply',
        label: t('starter.keyword_reply.command'),
        group: t('commands.group.create'),
        run: () => mutate({ starter: 'keyword_reply' }),
      },
    ],
    [mutate],
  );
  useCommands(commands);
  const set = (next: { search?: string; state?: string }) =>
    void navigate({
      search: (old) => {
        const merged = { ...old, ...next };
        return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== '' && value !== undefined));
      },
      replace: true,
    });
  // Flows in code come with the project: until one is drawn, the screen teaches the first step.
  const empty = flows.isSuccess && !filtered && !flows.hasNextPage && rows.every((flow) => flow.kind !== 'drawn');
  return (
    <>
      <TopBar title={<ScreenTitle>{t('nav.flows')}</ScreenTitle>} pageTitle={t('nav.flows')}>
        <Button kind={empty ? 'plain' : 'primary'} onClick={() => setCreating(true)}>
          <Plus aria-hidden />
          {t('flows.create')}
        </Button>
      </TopBar>
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-6xl px-4 py-5 md:px-8 md:py-7">
          {session?.demo?.has_sample_data === true ? <SampleNotice /> : null}
          {empty ? null : <FlowsFilter search={search.search ?? ''} state={search.state ?? ''} onFilter={set} />}
          {flows.isPending ? (
            <div className="overflow-hidden rounded-lg border border-line bg-surface">
              <SkeletonRows label={t('loading')} />
            </div>
          ) : null}
          {flows.isError ? (
            <ErrorState problem={problemFrom(flows.error)} onRetry={() => void flows.refetch()} />
          ) : null}
          {empty ? (
            <EmptyState art={<FlowsArt />} title={t('flows.empty.title')} text={t('flows.empty.text')}>
              <Button
                kind="primary"
                size="lg"
                autoFocus
                disabled={isPending}
                onClick={() => mutate({ starter: 'keyword_reply' })}
              >
                <MessageSquareText aria-hidden />
                {t('starter.keyword_reply.action')}
              </Button>
              <Button size="lg" disabled={isPending} onClick={() => mutate({ starter: 'empty' })}>
                {t('starter.empty.action')}
              </Button>
            </EmptyState>
          ) : null}
          {flows.isSuccess && rows.length === 0 && filtered ? (
            showsArchived && (search.search ?? '') === '' ? (
              <EmptyState
                art={<Archive aria-hidden className="size-8 text-ink-3" />}
                title={t('flows.archived.empty.title')}
                text={t('flows.archived.empty.text')}
              >
                <Button onClick={() => set({ state: '' })}>{t('flows.archived.empty.action')}</Button>
              </EmptyState>
            ) : (
              <EmptyState
                art={<SearchX aria-hidden className="size-8 text-ink-3" />}
                title={t('flows.none_found')}
                text={t('flows.none_found.text')}
              >
                <Button onClick={() => set({ search: '', state: '' })}>{t('action.clear_search')}</Button>
              </EmptyState>
            )
          ) : null}
          {rows.length === 0 ? null : showsArchived ? <ArchivedList flows={rows} /> : <FlowList flows={rows} />}
          <More list={flows} className="pt-4 text-center" />
        </div>
      </div>
      <CreateFlowDialog
        open={creating}
        onOpenChange={setCreating}
        busy={isPending}
        onCreate={(starter, name) => mutate(name === '' ? { starter } : { starter, name })}
      />
    </>
  );
}

type FilterProps = {
  readonly search: string;
  readonly state: string;
  readonly onFilter: (next: { search?: string; state?: string }) => void;
};

/** What narrows the list down. */
function FlowsFilter({ search, state, onFilter }: FilterProps) {
  return (
    <div className="mb-4 flex gap-2">
      <SearchBox
        value={search}
        onChange={(text) => onFilter({ search: text })}
        label={t('flows.search')}
        className="w-full max-w-sm"
      />
      <Select
        label={t('flows.state_filter')}
        className="w-36 shrink-0"
        value={state === '' ? every : state}
        onChange={(value) => onFilter({ state: value === every ? '' : value })}
        choices={[
          { value: every, label: t('flows.every_state') },
          { value: 'draft', label: t('state.draft') },
          { value: 'live', label: t('state.live') },
          { value: 'paused', label: t('state.paused') },
          { value: 'stopped', label: t('state.stopped') },
          { value: archived, label: t('flows.archived') },
        ]}
      />
      <span className="flex-1 max-md:hidden" />
      <DensitySwitch />
    </div>
  );
}
