import type { FlowSummary } from '@signalbox/engine/flows/contract';
import { type AnswerWhen, answerWhens } from '@signalbox/nodes/text/answer-when';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleOff } from 'lucide-react';
import { useState } from 'react';
import { problemFrom } from '../lib/api.ts';
import { allFlowsQuery, flowQuery } from '../lib/queries.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { flowState } from '../ui/flow-state.ts';
import { Section } from '../ui/section.tsx';
import { Signal } from '../ui/signal.tsx';
import { ErrorState, Skeleton } from '../ui/states.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { ReplyForm } from './reply-form.tsx';
import { ReplySwitch } from './reply-switch.tsx';
import { newSimpleFlow, readSimpleFlow, replyTriggers, type SimpleFlow } from './simple-flow.ts';

const fixed = ['when'];

/** The flow that answers these texts: the live one, else the one that was changed last. */
function flowFor(flows: readonly FlowSummary[], when: AnswerWhen): FlowSummary | null {
  const all = flows.filter((flow) => flow.draft_triggers.some(({ kind, value }) => kind === 'text' && value === when));
  return all.find(({ state }) => state === 'live') ?? all[0] ?? null;
}

/** What answers texts that nothing else takes, the more special first. */
export function AutoResponsesScreen() {
  const flows = useQuery(allFlowsQuery);
  return (
    <>
      <TopBar title={<ScreenTitle>{t('auto.title')}</ScreenTitle>} pageTitle={t('auto.title')} />
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-3xl flex-col gap-4 px-4 py-5 md:px-8 md:py-7">
          <p className="text-pretty text-ink-2 text-sm">{t('auto.intro')}</p>
          {flows.isPending ? <Skeleton className="h-120" /> : null}
          {flows.isError ? (
            <ErrorState problem={problemFrom(flows.error)} onRetry={() => void flows.refetch()} />
          ) : null}
          {flows.data === undefined
            ? null
            : answerWhens.map((when) => <Answer key={when} when={when} summary={flowFor(flows.data, when)} />)}
        </div>
      </div>
    </>
  );
}

type AnswerProps = { readonly when: AnswerWhen; readonly summary: FlowSummary | null };

function Answer({ when, summary }: AnswerProps) {
  const name = t(`replies.when.${when}`);
  const state = summary === null ? null : flowState(summary);
  return (
    <Section
      title={name}
      text={t(`replies.when.${when}.text`)}
      actions={
        <>
          <Signal tone={state?.tone ?? 'calm'} icon={state?.icon ?? CircleOff}>
            {state?.label ?? t('auto.off')}
          </Signal>
          {summary === null ? null : <ReplySwitch flow={summary} name={name} />}
        </>
      }
    >
      {summary === null ? <NewAnswer when={when} /> : <KnownAnswer key={summary.id} when={when} summary={summary} />}
    </Section>
  );
}

function newAnswer(when: AnswerWhen): SimpleFlow {
  const simple = newSimpleFlow(replyTriggers.autoResponse);
  return { ...simple, trigger: { ...simple.trigger, config: { ...simple.trigger.config, when } } };
}

function NewAnswer({ when }: { readonly when: AnswerWhen }) {
  const [simple, setSimple] = useState<SimpleFlow | null>(null);
  if (simple === null) return <Button onClick={() => setSimple(newAnswer(when))}>{t('auto.set_up')}</Button>;
  return (
    <ReplyForm
      id={`auto-${when}`}
      flow={null}
      simple={simple}
      without={fixed}
      nameOf={() => t(`replies.when.${when}`)}
      onDone={() => setSimple(null)}
    >
      <Button onClick={() => setSimple(null)}>{t('action.cancel')}</Button>
    </ReplyForm>
  );
}

function KnownAnswer({ when, summary }: { readonly when: AnswerWhen; readonly summary: FlowSummary }) {
  const flow = useQuery(flowQuery(summary.id)).data;
  if (flow === undefined) return <Skeleton className="h-40" />;
  const simple = summary.kind === 'drawn' ? readSimpleFlow(flow.graph, replyTriggers.autoResponse) : null;
  const open = (
    <Button asChild>
      <Link to="/flows/$flowId" params={{ flowId: summary.id }}>
        {t('replies.open_flow')}
      </Link>
    </Button>
  );
  if (simple === null) {
    return (
      <div className="flex flex-wrap items-center gap-3">
        <p className="min-w-0 flex-1 basis-60 text-ink-2 text-sm">
          {t(summary.kind === 'drawn' ? 'commands.in_editor' : 'replies.in_code')}
        </p>
        {open}
      </div>
    );
  }
  return (
    <ReplyForm
      id={`auto-${when}`}
      flow={flow}
      simple={simple}
      without={fixed}
      nameOf={() => summary.name}
      onDone={() => {}}
    >
      {open}
    </ReplyForm>
  );
}
