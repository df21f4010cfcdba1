import type { Flow } from '@signalbox/engine/flows/contract';
import { CircleAlert, CirclePause, FileWarning, FileX2, PhoneOff } from 'lucide-react';
import { useFlow, useFlowUi, useOpenFlow } from '../canvas/flow-context.tsx';
import { chooseStep } from '../canvas/focus.ts';
import { actionsOf } from '../flow-model/flow-actions.ts';
import { problemAdvice } from '../lib/api.ts';
import { t, tr } from '../lib/translate.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { ConflictNotice, OverwrittenNotice } from './conflict-notice.tsx';
import { ConnectLink } from './connect-link.tsx';
import { useGateRefusal } from './use-gate-refusal.ts';

/** What stands between the flow and its working, with what to do about it. */
export function Notices({ flow }: { readonly flow: Flow }) {
  return (
    <>
      <SaveNotice flow={flow} />
      <SourceNotice flow={flow} />
      <PauseNotice flow={flow} />
      <FileProblems flow={flow} />
      <GateNotice />
    </>
  );
}

/** Edits that the server did not take. */
function SaveNotice({ flow }: { readonly flow: Flow }) {
  const { store } = useOpenFlow();
  const save = useFlow((state) => state.save);
  const saved = useFlow((state) => state.saved);
  const overwritten = useFlow((state) => state.overwritten);
  if (save.kind === 'refused') {
    return (
      <Banner
        tone="stop"
        icon={CircleAlert}
        title={sentence(save.problem.title)}
        text={problemAdvice(save.problem)}
        urgent
      >
        <Button
          size="sm"
          onClick={() =>
            store.getState().dispatch({ type: 'replace', document: saved }, { label: t('edit.discarded') })
          }
        >
          {t('save.discard')}
        </Button>
        <Button size="sm" kind="primary" onClick={() => void store.getState().flush()}>
          {t('action.try_again')}
        </Button>
      </Banner>
    );
  }
  if (save.kind === 'conflict') return <ConflictNotice flow={flow} save={save} />;
  return overwritten.length > 0 ? <OverwrittenNotice overwritten={overwritten} /> : null;
}

/** A code flow's file that is gone or cannot be used. */
function SourceNotice({ flow }: { readonly flow: Flow }) {
  const { ui } = useOpenFlow();
  const problem = flow.source_problem;
  if (problem === undefined) return null;
  const gone = problem.code === 'source_gone';
  return (
    <Banner
      tone={gone ? 'stop' : 'wait'}
      icon={gone ? FileX2 : FileWarning}
      title={sentence(tr(problem.title))}
      text={tr(problem.action)}
    >
      {actionsOf(flow).includes('archive') ? (
        <Button size="sm" onClick={() => ui.getState().set({ asking: 'archive' })}>
          {t('archive.confirm')}
        </Button>
      ) : null}
    </Banner>
  );
}

/** A flow that paused itself because too many people failed at a step. */
function PauseNotice({ flow }: { readonly flow: Flow }) {
  const open = useOpenFlow();
  const known = useFlow((state) => flow.paused_by !== undefined && flow.paused_by.step_id in state.document.steps);
  const cause = flow.paused_by;
  if (cause === undefined) return null;
  return (
    <Banner tone="stop" icon={CirclePause} title={sentence(tr(cause.title))} text={tr(cause.action)} urgent>
      {known ? (
        <Button size="sm" onClick={() => chooseStep(open, cause.step_id)}>
          {t('paused_by.show')}
        </Button>
      ) : null}
    </Banner>
  );
}

/** A code flow whose graph cannot be published: only its file can be corrected. */
function FileProblems({ flow }: { readonly flow: Flow }) {
  const { ui } = useOpenFlow();
  const errors = useFlowUi((state) => state.problems).filter((problem) => problem.severity === 'error').length;
  if (flow.kind !== 'code' || flow.state !== 'draft' || errors === 0) return null;
  return (
    <Banner
      tone="stop"
      icon={CircleAlert}
      title={t('file_problems.title', { n: errors })}
      text={t('file_problems.text', { path: flow.source_path ?? '' })}
    >
      <Button size="sm" onClick={() => ui.getState().set({ problemsOpen: true })}>
        {t('problems.show')}
      </Button>
    </Banner>
  );
}

/** Messages that nobody could get. */
function GateNotice() {
  const refusal = useGateRefusal();
  if (refusal === null) return null;
  return (
    <Banner tone="wait" icon={PhoneOff} title={refusal.title} text={refusal.text}>
      {refusal.code === 'no_sender' ? <ConnectLink /> : null}
    </Banner>
  );
}

/** A title that something follows. */
const sentence = (title: string): string => (/[.!?]$/.test(title) ? title : `${title}.`);
