import type { Campaign, CampaignSummary } from '@signalbox/engine/campaigns/contract';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Megaphone, Plus, SearchX } from 'lucide-react';
import { type FormEvent, type ReactNode, useState } from 'react';
import { problemFrom, request } from '../lib/api.ts';
import { fieldNotes, formNote } from '../lib/form-problems.ts';
import { formatCount } from '../lib/format.ts';
import { randomId } from '../lib/random-id.ts';
import { t, tr } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, FormProblem } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { DensitySwitch, ListCard } from '../ui/list-card.tsx';
import { More } from '../ui/more.tsx';
import { SearchBox } from '../ui/search-box.tsx';
import { Select } from '../ui/select.tsx';
import { Signal } from '../ui/signal.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { campaignState } from './campaign-state.ts';
import { type CampaignsSearch, campaignsQuery, showCampaign } from './queries.ts';
import { scheduleInWords } from './schedule-words.ts';

const everything = 'all';
const archive = 'archived';
const states = ['draft', 'scheduled', 'running', 'paused', 'done', 'canceled'] as const;

/** Campaigns: what each is for, where it stands, and how many it reached. */
export function CampaignsScreen() {
  const search = useSearch({ from: '/frame/campaigns' });
  const navigate = useNavigate({ from: '/campaigns' });
  const [adding, setAdding] = useState(false);
  const found = useInfiniteQuery(campaignsQuery(search));
  const rows = found.data?.pages.flatMap((page) => page.data) ?? [];
  const filtered = search.state !== undefined || search.search !== undefined || search.archived === true;
  const empty = found.isSuccess && rows.length === 0;
  const set = (next: CampaignsSearch) => {
    const kept = Object.entries({ ...search, ...next }).filter(([, value]) => value !== undefined && value !== '');
    void navigate({ search: Object.fromEntries(kept), replace: true });
  };
  const add = (
    <Button kind="primary" onClick={() => setAdding(true)}>
      <Plus aria-hidden />
      {t('campaigns.new')}
    </Button>
  );
  return (
    <>
      <TopBar title={<ScreenTitle>{t('campaigns.title')}</ScreenTitle>} pageTitle={t('campaigns.title')}>
        {empty && !filtered ? null : add}
      </TopBar>
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-5xl px-4 py-5 md:px-8 md:py-7">
          {empty && !filtered ? null : (
            <div className="mb-4 flex flex-wrap items-center gap-2">
              <SearchBox
                value={search.search ?? ''}
                onChange={(text) => set({ search: text === '' ? undefined : text })}
                label={t('campaigns.search')}
                className="w-full max-w-sm max-md:max-w-none"
              />
              <Select
                label={t('campaigns.which')}
                className="w-44 max-md:flex-1"
                value={search.archived === true ? archive : (search.state ?? everything)}
                choices={[
                  { value: everything, label: t('campaigns.which.all') },
                  ...states.map((state) => ({ value: state, label: t(`campaigns.state.${state}`) })),
                  { value: archive, label: t('campaigns.which.archived') },
                ]}
                onChange={(value) =>
                  set({
                    state: value === everything || value === archive ? undefined : value,
                    archived: value === archive ? true : undefined,
                  })
                }
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
              label={t('campaigns.title')}
              heads={
                <>
                  <span className="flex-1">{t('campaigns.name')}</span>
                  <span className="w-28">{t('campaigns.head.state')}</span>
                  <span className="w-24 text-right">{t('campaigns.head.people')}</span>
                  <span className="w-32 text-right">{t('campaigns.head.when')}</span>
                </>
              }
            >
              {rows.map((campaign) => (
                <Row key={campaign.id} campaign={campaign} />
              ))}
            </ListCard>
          )}
          <More list={found} className="pt-4 text-center" />
        </div>
      </div>
      {adding ? <NewCampaign onClose={() => setAdding(false)} /> : null}
    </>
  );
}

function Nothing({ filtered, add }: { readonly filtered: boolean; readonly add: ReactNode }) {
  if (filtered)
    return (
      <EmptyState
        art={<SearchX aria-hidden className="size-8 text-ink-3" />}
        title={t('campaigns.none_found')}
        text={t('campaigns.none_found.text')}
      >
        <Button asChild>
          <Link to="/campaigns">{t('campaigns.show_all')}</Link>
        </Button>
      </EmptyState>
    );
  return (
    <EmptyState
      art={<Megaphone aria-hidden className="size-9 text-ink-3" />}
      title={t('campaigns.empty.title')}
      text={t('campaigns.empty.text')}
    >
      {add}
    </EmptyState>
  );
}

function Row({ campaign }: { readonly campaign: CampaignSummary }) {
  const { id, name, audience_sentence: audience, schedule, people, next_at, began_at, updated_at } = campaign;
  const { tone, icon, label } = campaignState(campaign);
  return (
    <li className="relative flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 transition-colors hover:bg-hover/60 has-[a:focus-visible]:outline-2 has-[a:focus-visible]:outline-focus has-[a:focus-visible]:-outline-offset-2 md:group-data-[density=compact]/list:py-1">
      <span className="min-w-0 flex-1 basis-64 max-md:basis-full">
        <Link
          to="/campaigns/$campaignId"
          params={{ campaignId: id }}
          dir="auto"
          className="block truncate font-medium outline-none after:absolute after:inset-0"
        >
          {name}
        </Link>
        <span dir="auto" className="block truncate text-ink-3 text-sm first-letter:uppercase">
          {tr(audience)} · {scheduleInWords(schedule)}
        </span>
      </span>
      <span className="flex w-28 max-md:flex-1">
        <Signal tone={tone} icon={icon}>
          {label}
        </Signal>
      </span>
      <span className="num w-24 text-right text-ink-2 text-sm max-md:w-auto">
        {people.let_in === 0 ? '–' : t('campaigns.people', { n: people.let_in, count: formatCount(people.let_in) })}
      </span>
      <Time at={next_at ?? began_at ?? updated_at} className="w-32 text-right text-ink-3 text-sm max-md:w-auto" />
    </li>
  );
}

/** Asks for a name; everything else is filled in on the campaign's screen. */
function NewCampaign({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState('');
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: () => request<Campaign>('POST', '/campaigns', { body: { name }, idempotencyKey: randomId() }),
    onSuccess: (campaign) => {
      showCampaign(campaign);
      void navigate({ to: '/campaigns/$campaignId', params: { campaignId: campaign.id } });
    },
  });
  const problem = create.isError ? problemFrom(create.error) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!create.isPending) create.mutate();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t('campaigns.new')}
      description={t('campaigns.new.text')}
      width="max-w-md"
      footer={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind="primary" type="submit" form="new-campaign" disabled={create.isPending}>
            {t('campaigns.create')}
          </Button>
        </>
      }
    >
      <form id="new-campaign" onSubmit={submit} className="flex flex-col gap-4">
        <FormProblem
          note={formNote(problem, ['name'], {
            title: t('campaigns.changed_elsewhere'),
            action: t('campaigns.look_again'),
          })}
        />
        <Field id="campaign-name" label={t('campaigns.name')} notes={fieldNotes(problem, 'name')}>
          <Input
            id="campaign-name"
            value={name}
            maxLength={80}
            placeholder={t('campaigns.name.placeholder')}
            aria-describedby="campaign-name-problems"
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
      </form>
    </Dialog>
  );
}
