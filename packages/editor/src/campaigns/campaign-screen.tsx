import type { Campaign } from '@signalbox/engine/campaigns/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { CheckCheck, ChevronRight, LoaderCircle, PencilLine } from 'lucide-react';
import { ReturnPanel } from '../goals/return-panel.tsx';
import { problemFrom } from '../lib/api.ts';
import { formNote } from '../lib/form-problems.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { FormProblem } from '../ui/field.tsx';
import { MissingState } from '../ui/missing-state.tsx';
import { Section } from '../ui/section.tsx';
import { Signal } from '../ui/signal.tsx';
import { ErrorState, Skeleton } from '../ui/states.tsx';
import { TopBar } from '../ui/top-bar.tsx';
import { AudienceSection } from './audience-section.tsx';
import { CampaignActions } from './campaign-actions.tsx';
import { campaignState } from './campaign-state.ts';
import { CampaignTests } from './campaign-tests.tsx';
import { CheckPanel } from './check-panel.tsx';
import { MessageSection } from './message-section.tsx';
import { Progress } from './progress.tsx';
import { campaignQuery } from './queries.ts';
import { Results } from './results.tsx';
import { ScheduleSection } from './schedule-section.tsx';
import { useEdits } from './use-edits.ts';

/** One campaign: who gets it, what it says, when it goes out, what would become of it; once it is launched, what does. */
export function CampaignScreen() {
  const { campaignId } = useParams({ from: '/frame/campaigns/$campaignId' });
  const found = useQuery(campaignQuery(campaignId));
  if (found.isError && problemFrom(found.error).status === 404)
    return (
      <MissingState title={t('campaigns.missing.title')} text={t('campaigns.missing.text')}>
        <Button asChild>
          <Link to="/campaigns">{t('campaigns.all')}</Link>
        </Button>
      </MissingState>
    );
  if (found.data !== undefined) return <Open key={campaignId} campaign={found.data} />;
  return (
    <>
      <TopBar pageTitle={t('campaigns.title')} title={<Crumbs name="" />} />
      <div className="mx-auto w-full max-w-6xl px-4 py-5 md:px-8 md:py-7">
        {found.isPending ? <Skeleton className="h-72" /> : null}
        {found.isError ? <ErrorState problem={problemFrom(found.error)} onRetry={() => void found.refetch()} /> : null}
      </div>
    </>
  );
}

function Crumbs({ name }: { readonly name: string }) {
  return (
    <nav aria-label={t('nav.crumbs')} className="flex min-w-0 items-center gap-1">
      <Link to="/campaigns" className="rounded-md px-1 py-1 text-ink-3 hover:text-ink">
        {t('campaigns.title')}
      </Link>
      <ChevronRight aria-hidden className="size-4 shrink-0 text-ink-3" />
      <h1 dir="auto" className="truncate px-1 text-lg">
        {name}
      </h1>
    </nav>
  );
}

/** Places of a request whose problems stand at their fields. */
const placed = /^(audience|schedule|pace|message)\b/;

function Open({ campaign }: { readonly campaign: Campaign }) {
  const editing = useEdits(campaign);
  const { problem } = editing;
  const { tone, icon, label } = campaignState(campaign);
  const isDraft = campaign.state === 'draft';
  const isOver = campaign.state === 'done' || campaign.state === 'canceled';
  const fields = (problem?.errors ?? []).map(({ path }) => path.join('.')).filter((path) => placed.test(path));
  const note = formNote(problem, fields, {
    title: t('campaigns.changed_elsewhere'),
    action: t('campaigns.look_again'),
  });
  return (
    <>
      <TopBar
        pageTitle={campaign.name}
        stacked
        title={<Crumbs name={campaign.name} />}
        state={
          <>
            <Signal tone={tone} icon={icon}>
              {label}
            </Signal>
            {isDraft ? <SaveState editing={editing} /> : null}
          </>
        }
      >
        <CampaignActions campaign={campaign} editing={editing} />
      </TopBar>
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-6xl px-4 py-5 md:px-8 md:py-7">
          {note === null ? null : (
            <div className="mb-4 flex flex-wrap items-center gap-3">
              <FormProblem note={note} />
              <Button size="sm" onClick={editing.discard}>
                {t('campaigns.discard')}
              </Button>
            </div>
          )}
          <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_minmax(0,23rem)]">
            <div className="flex min-w-0 flex-col gap-5">
              {isDraft ? null : <Progress campaign={campaign} />}
              {campaign.people.let_in > 0 ? (
                <>
                  <Results campaign={campaign} />
                  <Section title={t('return.title')} text={t('campaigns.return.text')}>
                    <ReturnPanel flowId={campaign.flow_id} />
                  </Section>
                </>
              ) : null}
              {isDraft ? null : <CampaignTests flowId={campaign.flow_id} />}
              <AudienceSection editing={editing} disabled={isOver} />
              <MessageSection campaign={campaign} editing={editing} disabled={isOver} />
              <ScheduleSection
                editing={editing}
                fixed={!isDraft && campaign.people.expected + campaign.people.let_in > 0}
                disabled={isOver}
              />
            </div>
            <div className="flex flex-col gap-5 lg:sticky lg:top-0">
              {isOver ? null : <CheckPanel campaign={campaign} />}
            </div>
          </div>
        </div>
      </div>
    </>
  );
}

function SaveState({ editing: { isDirty, isSaving, problem } }: { readonly editing: ReturnType<typeof useEdits> }) {
  if (problem !== null)
    return (
      <Signal tone="stop" icon={PencilLine} quiet>
        {t('campaigns.not_saved')}
      </Signal>
    );
  return (
    <Signal tone="calm" icon={isDirty || isSaving ? LoaderCircle : CheckCheck} quiet>
      {t(isDirty || isSaving ? 'campaigns.saving' : 'campaigns.saved')}
    </Signal>
  );
}
