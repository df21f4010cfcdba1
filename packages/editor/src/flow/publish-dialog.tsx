import type { Flow, FlowVersion } from '@signalbox/engine/flows/contract';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { ChevronDown, CircleCheck, PhoneOff, TriangleAlert, Users } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { toast } from 'sonner';
import { useFlow, useFlowUi, useOpenFlow } from '../canvas/flow-context.tsx';
import { countChanges, toGraph } from '../flow-model/document.ts';
import { ApiError, problemFrom, request } from '../lib/api.ts';
import { flowQuery, queryClient, versionsQuery } from '../lib/queries.ts';
import { randomId } from '../lib/random-id.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Refusal } from '../ui/refusal.tsx';
import { ConnectLink } from './connect-link.tsx';
import { ProblemList } from './problems-panel.tsx';
import { useGateRefusal } from './use-gate-refusal.ts';

/** Before a version goes live: its problems, its number, and what happens to the people inside the others. */
export function PublishDialog({ flow }: { readonly flow: Flow }) {
  const { ui } = useOpenFlow();
  const open = useFlowUi((state) => state.publishOpen);
  const close = () => ui.getState().set({ publishOpen: false });
  return open ? <Shown flow={flow} onClose={close} /> : null;
}

function Shown({ flow, onClose }: { readonly flow: Flow; readonly onClose: () => void }) {
  const { store } = useOpenFlow();
  const go = useRef<HTMLButtonElement>(null);
  const refusal = useGateRefusal();
  const problems = useFlowUi((state) => state.problems);
  const document = useFlow((state) => state.document);
  const versions = useInfiniteQuery({ ...versionsQuery(flow.id), enabled: flow.live_version !== null });
  const { hasNextPage, fetchNextPage, isFetching } = versions;
  // Someone may still be inside a version of long ago: all are looked at.
  useEffect(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  const errors = problems.filter((problem) => problem.severity === 'error');
  const warnings = problems.filter((problem) => problem.severity !== 'error');
  const number = (flow.live_version?.number ?? 0) + 1;
  const changes = flow.live_graph === null ? null : countChanges(toGraph(document), flow.live_graph);
  const publish = useMutation({
    mutationFn: async () => {
      if (!(await store.getState().flush())) throw new Error(t('publish.not_saved'));
      const { revision } = store.getState();
      return request<Flow>('POST', `/flows/${flow.id}/publish`, { revision, idempotencyKey: randomId() });
    },
    onSuccess: (next) => {
      queryClient.setQueryData(flowQuery(flow.id).queryKey, next);
      void queryClient.invalidateQueries({ queryKey: ['flows'] });
      void queryClient.invalidateQueries({ queryKey: versionsQuery(flow.id).queryKey });
      toast.success(t('publish.done', { version: String(next.live_version?.number ?? number), flow: next.name }));
      onClose();
    },
    onError: (error) => {
      if (error instanceof ApiError && error.problem.status === 422)
        void queryClient.invalidateQueries({ queryKey: flowQuery(flow.id).queryKey });
    },
  });
  const blocked = errors.length > 0;
  const refused = publish.isError ? problemFrom(publish.error) : null;
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t('publish.title', { version: String(number), flow: flow.name })}
      description={changesText(changes)}
      onOpenAutoFocus={(event) => {
        if (blocked) return;
        event.preventDefault();
        go.current?.focus();
      }}
      footer={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button
            ref={go}
            kind="primary"
            aria-disabled={blocked || publish.isPending}
            onClick={() => !blocked && !publish.isPending && publish.mutate()}
          >
            {t(publish.isPending ? 'publish.busy' : 'publish.version', { version: String(number) })}
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        {refused === null ? null : <Refusal problem={refused} />}
        {blocked ? (
          <section>
            <p className="mb-2 font-medium text-stop text-sm">{t('publish.blocked', { n: errors.length })}</p>
            <div className="overflow-hidden rounded-md border border-line">
              <ProblemList problems={errors} onShow={onClose} />
            </div>
          </section>
        ) : (
          <p className="flex items-center gap-2 text-live text-sm">
            <CircleCheck aria-hidden className="size-4" />
            {t('publish.checked')}
          </p>
        )}
        {refusal === null ? null : (
          <section className="flex gap-2.5 rounded-md bg-wait-soft p-3 text-sm">
            <PhoneOff aria-hidden className="mt-0.5 size-4 shrink-0 text-wait" />
            <div className="space-y-2">
              <p>
                <strong className="font-semibold">{refusal.title}</strong> {refusal.text}
              </p>
              {refusal.code === 'no_sender' ? <ConnectLink /> : null}
            </div>
          </section>
        )}
        {warnings.length === 0 ? null : (
          <details
            className="group/warnings overflow-hidden rounded-md border border-line"
            open={warnings.length <= 2 && !blocked}
          >
            <summary className="flex cursor-pointer list-none items-center gap-2.5 px-4 py-2.5 font-medium text-sm text-wait hover:bg-hover focus-visible:-outline-offset-2">
              <TriangleAlert aria-hidden className="size-4 shrink-0" />
              <span className="flex-1">{t('publish.warnings', { n: warnings.length })}</span>
              <ChevronDown
                aria-hidden
                className="size-4 text-ink-3 transition-transform duration-120 group-open/warnings:rotate-180"
              />
            </summary>
            <div className="border-line border-t">
              <ProblemList problems={warnings} onShow={onClose} />
            </div>
          </details>
        )}
        <Inside versions={versions.data?.pages.flatMap((page) => page.data) ?? []} next={number} />
      </div>
    </Dialog>
  );
}

function changesText(changes: number | null): string {
  if (changes === null) return t('publish.first');
  return changes === 0 ? t('publish.unchanged') : t('publish.changes', { n: changes });
}

/** Says what happens to the people who are in the flow already. */
function Inside({ versions, next }: { readonly versions: readonly FlowVersion[]; readonly next: number }) {
  const inside = versions.filter((version) => version.here > 0);
  return (
    <section className="flex gap-2.5 rounded-md bg-sunken p-3 text-sm">
      <Users aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-3" />
      <div>
        {inside.length === 0 ? <p>{t('publish.nobody_inside')}</p> : null}
        {inside.map((version) => (
          <p key={version.number} className="num">
            {t('publish.finish_on', { n: version.here, version: String(version.number) })}
          </p>
        ))}
        <p className="text-ink-2">{t('publish.newcomers', { version: String(next) })}</p>
      </div>
    </section>
  );
}
