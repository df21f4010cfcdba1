import type { FlowSummary } from '@signalbox/engine/flows/contract';
import { Link } from '@tanstack/react-router';
import { Code, FileWarning, FileX2, FlaskConical, Megaphone, MessageSquareText, Webhook, Zap } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '../lib/cn.ts';
import { formatCount } from '../lib/format.ts';
import { t, tOpen, tr } from '../lib/translate.ts';
import { flowState } from '../ui/flow-state.ts';
import { Signal } from '../ui/signal.tsx';
import { Time } from '../ui/time.tsx';

/** Triggers are known of what is published: a flow that is not live has none. */
function untriggered({ kind, state }: FlowSummary): string {
  if (state === 'draft') return t('flows.unpublished');
  if (state === 'stopped') return t('flows.nobody_enters');
  return t(kind === 'drawn' ? 'flows.no_trigger' : 'flows.trigger.api');
}

function triggerLine(flow: FlowSummary): string {
  if (flow.triggers.length === 0) return untriggered(flow);
  const keywords = flow.triggers
    .filter((trigger) => trigger.kind === 'keyword')
    .map((trigger) => trigger.value.toUpperCase());
  const events = flow.triggers.filter((trigger) => trigger.kind === 'api').map((trigger) => trigger.value);
  const texts = flow.triggers
    .filter((trigger) => trigger.kind === 'text')
    .map((trigger) => tOpen(`replies.when.${trigger.value}`, trigger.value));
  return [
    ...(keywords.length === 0 ? [] : [t('flows.trigger.keyword', { words: keywords.join(', ') })]),
    ...(events.length === 0 ? [] : [t('flows.trigger.event', { events: events.join(', ') })]),
    ...(flow.triggers.some(({ kind }) => kind === 'campaign') ? [t('flows.trigger.campaign')] : []),
    ...(texts.length === 0 ? [] : [t('flows.trigger.text', { texts: texts.join(', ') })]),
  ].join(' · ');
}

function iconOf(flow: FlowSummary) {
  if (flow.kind !== 'drawn') return Code;
  const kind = flow.triggers[0]?.kind;
  if (kind === 'campaign') return Megaphone;
  return kind === undefined ? Zap : kind === 'api' ? Webhook : MessageSquareText;
}

/** What a flow starts from, as a picture. */
export function FlowIcon({ flow }: { readonly flow: FlowSummary }) {
  const Icon = iconOf(flow);
  return (
    <span
      aria-hidden
      className="grid size-9 shrink-0 place-items-center rounded-md bg-hover text-ink-2 md:group-data-[density=compact]/list:size-7"
    >
      <Icon className="size-4.5" />
    </span>
  );
}

/** A flow's name with its marks, what starts it, and what it is for. `children` is the name. */
export function FlowTitle({ flow, children }: { readonly flow: FlowSummary; readonly children: ReactNode }) {
  return (
    <div className="min-w-0 flex-1 basis-52 md:group-data-[density=compact]/list:flex md:group-data-[density=compact]/list:items-baseline md:group-data-[density=compact]/list:gap-3">
      <div className="flex min-w-0 items-center gap-2">
        {children}
        {flow.kind === 'drawn' ? null : (
          <Signal tone="calm" icon={Code}>
            {t('flows.in_code')}
          </Signal>
        )}
        {flow.is_sample ? (
          <Signal tone="calm" icon={FlaskConical}>
            {t('flows.sample')}
          </Signal>
        ) : null}
      </div>
      <p className="truncate text-ink-2 text-sm">
        <bdi>{triggerLine(flow)}</bdi>
        {flow.description === '' ? null : <bdi> · {flow.description}</bdi>}
      </p>
    </div>
  );
}

/** One flow of the list. */
export function FlowRow({ flow }: { readonly flow: FlowSummary }) {
  const state = flowState(flow);
  return (
    <li className="relative flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 transition-colors hover:bg-hover/60 has-[a:focus-visible]:outline-2 has-[a:focus-visible]:outline-focus has-[a:focus-visible]:-outline-offset-2 md:group-data-[density=compact]/list:py-1.5">
      <FlowIcon flow={flow} />
      <FlowTitle flow={flow}>
        <Link
          to="/flows/$flowId"
          params={{ flowId: flow.id }}
          dir="auto"
          className="truncate font-semibold outline-none after:absolute after:inset-0"
        >
          {flow.name}
        </Link>
      </FlowTitle>
      <div className="flex w-36 items-center gap-2 max-md:w-auto max-md:pl-13">
        <Signal tone={state.tone} icon={state.icon}>
          {state.label}
        </Signal>
        {flow.has_unpublished_changes && flow.state !== 'draft' ? (
          <span className="text-ink-3 text-xs">{t('flows.changed')}</span>
        ) : null}
      </div>
      <dl className="num flex w-40 justify-end gap-5 text-right max-md:w-auto max-md:flex-1">
        <FlowFigure term={t('flows.here')} value={flow.people.here} />
        <FlowFigure term={t('flows.entered')} value={flow.people.entered} />
      </dl>
      <Time at={flow.updated_at} className="w-28 text-right text-ink-3 text-sm max-lg:hidden" />
      {flow.source_problem === undefined ? null : <SourceLine problem={flow.source_problem} />}
    </li>
  );
}

/** A code flow's file that is gone or cannot be used: what is the matter and what to do. */
function SourceLine({ problem }: { readonly problem: NonNullable<FlowSummary['source_problem']> }) {
  const gone = problem.code === 'source_gone';
  const Icon = gone ? FileX2 : FileWarning;
  return (
    <p className="flex basis-full items-start gap-1.5 pl-13 text-ink-2 text-sm md:group-data-[density=compact]/list:pl-11">
      <Icon aria-hidden className={cn('mt-0.5 size-3.5 shrink-0', gone ? 'text-stop' : 'text-wait')} />
      <span dir="auto" className="min-w-0 [overflow-wrap:anywhere]">
        <span className={cn('font-medium', gone ? 'text-stop' : 'text-wait')}>{tr(problem.title)}.</span>{' '}
        {tr(problem.action)}
      </span>
    </p>
  );
}

/** A number with what it counts. */
export function FlowFigure({ term, value }: { readonly term: string; readonly value: number }) {
  return (
    <div className="flex flex-col-reverse md:group-data-[density=compact]/list:flex-row-reverse md:group-data-[density=compact]/list:items-baseline md:group-data-[density=compact]/list:gap-1 max-md:flex-row-reverse max-md:items-baseline max-md:gap-1">
      <dt className="whitespace-nowrap text-ink-3 text-xs">{term}</dt>
      <dd className={cn('leading-5', value === 0 ? 'text-ink-3' : 'font-semibold')}>{formatCount(value)}</dd>
    </div>
  );
}
