import type { Flow } from '@signalbox/engine/flows/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useBlocker, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { FlowProvider, type OpenFlow } from '../canvas/flow-context.tsx';
import { openStep } from '../canvas/focus.ts';
import { createUiStore } from '../flow-model/ui-store.ts';
import { problemFrom } from '../lib/api.ts';
import { countsQuery, flowQuery } from '../lib/queries.ts';
import { t } from '../lib/translate.ts';
import { useNarrow } from '../lib/use-media.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { MissingState } from '../ui/missing-state.tsx';
import { ErrorState, Skeleton } from '../ui/states.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { FlowEditor } from './flow-editor.tsx';
import { openFlow, readKept } from './open-flow.ts';

/** One flow: reads it, then hands over to the editor. */
export function FlowScreen() {
  const { flowId } = useParams({ from: '/frame/flows/$flowId' });
  const flow = useQuery(flowQuery(flowId));
  useQuery(countsQuery(flowId));
  const found = flow.data;
  const kept = useQuery({
    queryKey: ['kept', flowId],
    queryFn: () => (found === undefined ? null : readKept(found)),
    enabled: found !== undefined,
    staleTime: 0,
    gcTime: 0,
  });
  if (found !== undefined && kept.data) return <Opened key={flowId} flow={found} kept={kept.data} />;
  if (flow.isError) {
    const problem = problemFrom(flow.error);
    if (problem.status === 404) return <MissingFlow />;
    return (
      <>
        <TopBar title={null} pageTitle={t('nav.flows')} />
        <ErrorState problem={problem} onRetry={() => void flow.refetch()} />
      </>
    );
  }
  return <Loading />;
}

/** An address of a flow that is not there, or not any more. */
function MissingFlow() {
  return (
    <>
      <TopBar title={<ScreenTitle>{t('nav.flows')}</ScreenTitle>} pageTitle={t('flow.missing.title')} />
      <MissingState title={t('flow.missing.title')} text={t('flow.missing.text')}>
        <Button kind="primary" asChild>
          <Link to="/flows">{t('not_found.action')}</Link>
        </Button>
        <Button asChild>
          <Link to="/flows" search={{ state: 'archived' }}>
            {t('flow.missing.archived')}
          </Link>
        </Button>
      </MissingState>
    </>
  );
}

function Loading() {
  return (
    <div role="status" aria-label={t('loading')} className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-13 items-center gap-4 border-line border-b bg-surface px-6">
        <Skeleton className="h-4 w-48" />
        <Skeleton className="h-4 w-24" />
      </div>
      <div className="flex flex-1 flex-col items-center gap-14 pt-16">
        {[0, 1, 2].map((index) => (
          <Skeleton key={index} className="h-25 w-66 rounded-lg" />
        ))}
      </div>
    </div>
  );
}

function Opened({ flow, kept }: { readonly flow: Flow; readonly kept: Awaited<ReturnType<typeof readKept>> }) {
  const search = useSearch({ from: '/frame/flows/$flowId' });
  const navigate = useNavigate();
  const narrow = useNarrow();
  const [open] = useState((): OpenFlow => {
    const store = openFlow(flow, kept);
    const ui = createUiStore({
      view: narrow ? 'outline' : 'canvas',
      paletteOpen: window.innerWidth >= 1280,
      phoneOpen: search.phone === true,
      peopleOf: search.people ?? null,
      peopleView: search.moved_on === true ? 'moved_on' : 'here',
    });
    if (search.step !== undefined && store.getState().document.steps[search.step] !== undefined) {
      store.getState().select([search.step]);
    }
    return { store, ui };
  });

  useEffect(() => open.store.getState().receive(flow), [flow, open]);

  // The address named a step: it opens as if it had been chosen.
  const [asked] = useState(search.step);
  useEffect(() => {
    if (asked !== undefined && open.store.getState().document.steps[asked] !== undefined) openStep(open, asked);
  }, [asked, open]);

  // What stands in the address is where the screen opens again: the step, its people, the phone.
  useEffect(() => {
    const write = () => {
      const { selection } = open.store.getState();
      const { peopleOf, peopleView, phoneOpen } = open.ui.getState();
      const next = {
        ...(selection.length === 1 && selection[0] !== undefined ? { step: selection[0] } : {}),
        ...(peopleOf === null ? {} : { people: peopleOf }),
        ...(peopleOf === null || peopleView === 'here' ? {} : { moved_on: true }),
        ...(phoneOpen ? { phone: true } : {}),
      };
      void navigate({ to: '/flows/$flowId', params: { flowId: flow.id }, search: next, replace: true });
    };
    const stops = [
      open.store.subscribe((state, before) => state.selection !== before.selection && write()),
      open.ui.subscribe(
        (state, before) =>
          (state.peopleOf !== before.peopleOf ||
            state.peopleView !== before.peopleView ||
            state.phoneOpen !== before.phoneOpen) &&
          write(),
      ),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [open, navigate, flow.id]);

  useEffect(() => {
    const online = () => void open.store.getState().flush();
    window.addEventListener('online', online);
    return () => {
      window.removeEventListener('online', online);
      void open.store.getState().flush();
    };
  }, [open]);

  const blocker = useBlocker({
    shouldBlockFn: async ({ current, next }) => {
      if (current.pathname === next.pathname) return false;
      return !(await open.store.getState().flush());
    },
    enableBeforeUnload: () => open.store.getState().save.kind !== 'saved',
    withResolver: true,
  });
  return (
    <FlowProvider value={open}>
      <FlowEditor flow={flow} />
      <Confirm
        open={blocker.status === 'blocked'}
        onOpenChange={(shown) => shown || blocker.reset?.()}
        title={t('leave.title')}
        description={t('leave.text')}
        confirm={t('leave.confirm')}
        danger
        onConfirm={() => blocker.proceed?.()}
      />
    </FlowProvider>
  );
}
