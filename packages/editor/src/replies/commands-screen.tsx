import type { Flow, FlowSummary } from '@signalbox/engine/flows/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Pencil, Plus, Reply, Workflow } from 'lucide-react';
import { useState } from 'react';
import { problemFrom } from '../lib/api.ts';
import { allFlowsQuery, flowQuery } from '../lib/queries.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { flowState } from '../ui/flow-state.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { ListCard } from '../ui/list-card.tsx';
import { Signal } from '../ui/signal.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../ui/states.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { ReplyForm } from './reply-form.tsx';
import { ReplySwitch } from './reply-switch.tsx';
import { newSimpleFlow, readSimpleFlow, replyTriggers, type SimpleFlow } from './simple-flow.ts';

const above = ['keywords', 'match'];

type Editing = { readonly flow: Flow | null; readonly simple: SimpleFlow };

const keywordsOf = (flow: FlowSummary): string[] =>
  flow.draft_triggers.filter(({ kind }) => kind === 'keyword').map(({ value }) => value);

/** What a command's flow is called: by its keywords. */
function nameOf({ trigger }: SimpleFlow): string {
  const { keywords } = trigger.config;
  const words = Array.isArray(keywords) ? keywords.map((word) => String(word).replaceAll('"', '').toUpperCase()) : [];
  return words.join(', ').slice(0, 80);
}

/** Every keyword with its answer. */
export function CommandsScreen() {
  const flows = useQuery(allFlowsQuery);
  const [editing, setEditing] = useState<Editing | null>(null);
  const commands = (flows.data ?? []).filter((flow) => keywordsOf(flow).length > 0);
  const create = () => setEditing({ flow: null, simple: newSimpleFlow(replyTriggers.command) });
  const empty = flows.isSuccess && commands.length === 0;
  return (
    <>
      <TopBar title={<ScreenTitle>{t('replies.title')}</ScreenTitle>} pageTitle={t('replies.title')}>
        <Button kind="primary" onClick={create}>
          <Plus aria-hidden />
          {t('commands.create')}
        </Button>
      </TopBar>
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-6xl flex-col gap-4 px-4 py-5 md:px-8 md:py-7">
          <p className="text-pretty text-ink-2 text-sm">{t('commands.intro')}</p>
          {flows.isPending ? (
            <div className="overflow-hidden rounded-lg border border-line bg-surface">
              <SkeletonRows label={t('loading')} />
            </div>
          ) : null}
          {flows.isError ? (
            <ErrorState problem={problemFrom(flows.error)} onRetry={() => void flows.refetch()} />
          ) : null}
          {empty ? (
            <EmptyState
              art={<Reply aria-hidden className="size-8 text-ink-3" />}
              title={t('commands.empty.title')}
              text={t('commands.empty.text')}
            />
          ) : null}
          {commands.length === 0 ? null : (
            <ListCard
              label={t('commands.title')}
              heads={
                <>
                  <span className="w-48">{t('commands.head.keywords')}</span>
                  <span className="flex-1">{t('commands.head.answer')}</span>
                  <span className="w-36">{t('commands.head.state')}</span>
                  <span className="w-28" />
                </>
              }
            >
              {commands.map((flow) => (
                <CommandRow key={flow.id} summary={flow} onEdit={setEditing} />
              ))}
            </ListCard>
          )}
        </div>
      </div>
      {editing === null ? null : (
        <Dialog
          open
          onOpenChange={(open) => open || setEditing(null)}
          title={
            editing.flow === null
              ? t('replies.dialog.create')
              : t('replies.dialog.edit', { name: nameOf(editing.simple) })
          }
          width="max-w-xl"
        >
          <ReplyForm
            id="command"
            flow={editing.flow}
            simple={editing.simple}
            above={above}
            nameOf={nameOf}
            onDone={() => setEditing(null)}
          >
            <Button onClick={() => setEditing(null)}>{t('action.cancel')}</Button>
          </ReplyForm>
        </Dialog>
      )}
    </>
  );
}

type RowProps = { readonly summary: FlowSummary; readonly onEdit: (editing: Editing) => void };

function CommandRow({ summary, onEdit }: RowProps) {
  const flow = useQuery(flowQuery(summary.id)).data;
  const simple = flow === undefined ? null : readSimpleFlow(flow.graph, replyTriggers.command);
  const editable = simple !== null && summary.kind === 'drawn';
  const state = flowState(summary);
  const name = keywordsOf(summary).join(', ');
  const text = simple?.send.config.text;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
      <p dir="auto" className="w-48 truncate font-mono font-semibold text-sm max-md:w-full">
        {name}
      </p>
      <p dir="auto" className="min-w-0 flex-1 basis-52 truncate text-ink-2 text-sm">
        {editable && typeof text === 'string'
          ? text
          : flow === undefined
            ? ''
            : t(summary.kind === 'drawn' ? 'commands.in_editor' : 'replies.in_code')}
      </p>
      <div className="w-36">
        <Signal tone={state.tone} icon={state.icon}>
          {state.label}
        </Signal>
      </div>
      <div className="flex w-28 justify-end gap-1">
        {editable && flow !== undefined ? (
          <IconButton icon={Pencil} label={t('commands.edit', { name })} onClick={() => onEdit({ flow, simple })} />
        ) : null}
        <ReplySwitch flow={summary} name={name} />
        <IconLink summary={summary} />
      </div>
    </li>
  );
}

function IconLink({ summary }: { readonly summary: FlowSummary }) {
  return (
    <Button asChild kind="ghost" size="sm">
      <Link
        to="/flows/$flowId"
        params={{ flowId: summary.id }}
        aria-label={`${t('replies.open_flow')}: ${summary.name}`}
        title={t('replies.open_flow')}
      >
        <Workflow aria-hidden />
      </Link>
    </Button>
  );
}
