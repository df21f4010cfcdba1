import type { Flow } from '@signalbox/engine/flows/contract';
import { Link } from '@tanstack/react-router';
import {
  ChevronRight,
  CircleCheck,
  Code,
  ListTree,
  Redo2,
  Smartphone,
  TriangleAlert,
  Undo2,
  Workflow,
} from 'lucide-react';
import { useMemo } from 'react';
import { useFlow, useFlowUi, useOpenFlow } from '../canvas/flow-context.tsx';
import { countChanges, toGraph } from '../flow-model/document.ts';
import { actionsOf } from '../flow-model/flow-actions.ts';
import { cn } from '../lib/cn.ts';
import { runCommand } from '../lib/commands.ts';
import { formatNumber } from '../lib/format.ts';
import { useSession } from '../lib/session.ts';
import { t } from '../lib/translate.ts';
import { useNarrow } from '../lib/use-media.ts';
import { Button } from '../ui/button.tsx';
import { flowState } from '../ui/flow-state.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Signal } from '../ui/signal.tsx';
import { TopBar } from '../ui/top-bar.tsx';
import { lookOf } from './action-look.ts';
import { FlowMenu } from './flow-menu.tsx';
import { InlineName } from './inline-name.tsx';
import { SaveMark } from './save-mark.tsx';
import { useTogglePhone } from './use-toggle-phone.ts';
import { Versions } from './versions.tsx';

/** Where you are in which flow, what state it is in, and publishing. */
export function FlowTopBar({ flow }: { readonly flow: Flow }) {
  const { ui } = useOpenFlow();
  const narrow = useNarrow();
  const session = useSession();
  const readOnly = useFlow((state) => state.readOnly);
  const name = useFlow((state) => state.document.name);
  const document = useFlow((state) => state.document);
  const undoable = useFlow((state) => state.history.past.at(-1)?.label ?? null);
  const redoable = useFlow((state) => state.history.future.at(-1)?.label ?? null);
  const view = useFlowUi((state) => state.view);
  const phoneOpen = useFlowUi((state) => state.phoneOpen);
  const problemsOpen = useFlowUi((state) => state.problemsOpen);
  const problems = useFlowUi((state) => state.problems);
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  const changes = useMemo(
    () => (flow.live_graph === null ? null : countChanges(toGraph(document), flow.live_graph)),
    [document, flow.live_graph],
  );
  const togglePhone = useTogglePhone();
  const state = flowState(flow);
  const next = (flow.live_version?.number ?? 0) + 1;
  const nothingToPublish = changes === 0 && flow.state !== 'stopped';
  return (
    <TopBar
      stacked
      pageTitle={name}
      title={
        <nav aria-label={t('nav.crumbs')} className="flex min-w-0 items-center gap-1">
          <Link to="/flows" className="rounded-md px-1 py-1 text-ink-3 hover:text-ink max-md:hidden">
            {t('nav.flows')}
          </Link>
          <ChevronRight aria-hidden className="size-4 shrink-0 text-ink-3 max-md:hidden" />
          {readOnly ? (
            <h1 dir="auto" className="truncate px-1 text-lg">
              {name}
            </h1>
          ) : (
            <InlineName name={name} />
          )}
        </nav>
      }
      state={
        <div className="flex shrink-0 items-center gap-2 text-ink-2 text-sm max-md:ml-auto">
          <Versions flow={flow}>
            <Signal tone={state.tone} icon={state.icon}>
              {state.label}
            </Signal>
          </Versions>
          {flow.source_path === null ? null : (
            <span className="inline-flex min-w-0 items-center gap-1.5">
              <Code aria-hidden className="size-3.5 shrink-0" />
              <code className="max-w-72 truncate font-mono text-xs max-md:hidden">{flow.source_path}</code>
            </span>
          )}
          {changes === null || changes === 0 || readOnly ? null : (
            <span className="num whitespace-nowrap max-lg:hidden">{t('flow.changes', { n: changes })}</span>
          )}
          {readOnly ? <span className="whitespace-nowrap max-lg:hidden">{t('flow.read_only')}</span> : <SaveMark />}
        </div>
      }
    >
      {readOnly ? null : (
        <>
          <IconButton
            icon={Undo2}
            label={t('action.undo')}
            hint={undoable === null ? t('action.nothing_to_undo') : t('action.undo_what', { what: undoable })}
            keys="$mod+KeyZ"
            aria-disabled={undoable === null}
            onClick={() => runCommand('flow.undo')}
          />
          <IconButton
            icon={Redo2}
            label={t('action.redo')}
            hint={redoable === null ? t('action.nothing_to_redo') : t('action.redo_what', { what: redoable })}
            keys="$mod+Shift+KeyZ"
            aria-disabled={redoable === null}
            className="max-md:hidden"
            onClick={() => runCommand('flow.redo')}
          />
        </>
      )}
      {narrow || flow.kind === 'workflow' ? null : (
        <IconButton
          icon={view === 'canvas' ? ListTree : Workflow}
          label={t(view === 'canvas' ? 'flow.show_outline' : 'flow.show_canvas')}
          keys="$mod+Shift+KeyO"
          onClick={() => runCommand('flow.toggle_view')}
        />
      )}
      {(session?.demo ?? null) === null ? null : (
        <IconButton
          icon={Smartphone}
          label={t(phoneOpen ? 'phone.close' : 'phone.open')}
          aria-pressed={phoneOpen}
          className={cn(phoneOpen && 'bg-action-soft text-action')}
          onClick={togglePhone}
        />
      )}
      {readOnly && problems.length === 0 ? null : (
        <Button
          kind="ghost"
          aria-pressed={problemsOpen}
          aria-label={t('problems.count', { n: problems.length })}
          className={cn(
            'num px-2',
            errors > 0 ? 'text-stop' : problems.length > 0 ? 'text-wait' : 'text-ink-2',
            problemsOpen && 'bg-hover',
          )}
          onClick={() => ui.getState().set({ problemsOpen: !problemsOpen })}
        >
          {problems.length === 0 ? <CircleCheck aria-hidden /> : <TriangleAlert aria-hidden />}
          <span aria-hidden className="max-lg:hidden">
            {t('problems.count', { n: problems.length })}
          </span>
          <span aria-hidden className="lg:hidden">
            {formatNumber(problems.length)}
          </span>
        </Button>
      )}
      <FlowMenu flow={flow} />
      {readOnly ? (
        <StartButton flow={flow} />
      ) : (
        <Button kind={nothingToPublish ? 'plain' : 'primary'} onClick={() => runCommand('flow.publish')}>
          {narrow ? t('publish.short') : t('publish.version', { version: String(next) })}
        </Button>
      )}
    </TopBar>
  );
}

/** A flow in code has nothing to publish here: where it stands still, starting it is what the screen is for. */
function StartButton({ flow }: { readonly flow: Flow }) {
  const { ui } = useOpenFlow();
  if (!actionsOf(flow).includes('start')) return null;
  return (
    <Button kind="primary" onClick={() => ui.getState().set({ asking: 'start' })}>
      {t(lookOf('start', flow).label)}
    </Button>
  );
}
