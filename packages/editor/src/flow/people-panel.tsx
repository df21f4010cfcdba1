import type { StepCounts } from '@signalbox/engine/flows/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChevronRight, UserCheck, X } from 'lucide-react';
import { useFlow, useFlowUi, useOpenFlow } from '../canvas/flow-context.tsx';
import { closePeople } from '../canvas/focus.ts';
import { viewOf } from '../flow-model/library.ts';
import type { PeopleView } from '../flow-model/ui-store.ts';
import { problemFrom } from '../lib/api.ts';
import { cn } from '../lib/cn.ts';
import { formatCount, formatPhone } from '../lib/format.ts';
import { isComposing } from '../lib/keys.ts';
import { stepPeopleQuery } from '../lib/queries.ts';
import { t } from '../lib/translate.ts';
import { useStepCounts } from '../lib/use-counts.ts';
import { EnrollmentSignal } from '../people/enrollment-signal.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { More } from '../ui/more.tsx';
import { ErrorState, SkeletonRows } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';

/** The people who are at a step now or failed there, or those who went on from it, each with the way to their path. */
export function PeoplePanel({ stepId }: { readonly stepId: string }) {
  const open = useOpenFlow();
  const flowId = useFlow((state) => state.flowId);
  const step = useFlow((state) => state.document.steps[stepId]);
  const view = useFlowUi((state) => state.peopleView);
  const people = useInfiniteQuery(stepPeopleQuery(flowId, stepId, view === 'moved_on'));
  const now = useStepCounts(flowId, stepId);
  const rows = people.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape goes back to the step from anywhere in the list
    <div
      data-people-of={stepId}
      tabIndex={-1}
      className="flex min-h-0 flex-1 flex-col outline-none"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented || isComposing(event.nativeEvent)) return;
        event.preventDefault();
        closePeople(open, stepId);
      }}
    >
      <header className="flex items-center gap-2 border-line border-b px-4 py-3">
        <div className="min-w-0 flex-1">
          <h2 dir="auto" className="truncate text-left text-base">
            {t('people.title', { step: step === undefined ? stepId : viewOf(step).called })}
          </h2>
          {now === undefined ? null : (
            <p className="num text-ink-2 text-sm">{t('people.entered', { n: now.entered })}</p>
          )}
        </div>
        <IconButton icon={X} label={t('people.close')} size="icon-sm" onClick={() => closePeople(open, stepId)} />
      </header>
      <fieldset aria-label={t('people.which')} className="flex flex-wrap gap-1 border-line border-b px-3 py-2">
        {(['here', 'moved_on'] as const).map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={view === each}
            onClick={() => open.ui.getState().set({ peopleView: each })}
            className={cn(
              'num h-7 rounded-full px-3 font-medium text-sm max-md:h-11',
              view === each ? 'bg-action-soft text-action' : 'text-ink-2 hover:bg-hover',
            )}
          >
            {tabText(each, now)}
          </button>
        ))}
      </fieldset>
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        {people.isPending ? <SkeletonRows label={t('loading')} rows={4} /> : null}
        {people.isError ? (
          <ErrorState problem={problemFrom(people.error)} onRetry={() => void people.refetch()} />
        ) : null}
        {people.isSuccess && rows.length === 0 ? (
          <div className="px-6 py-12 text-center text-ink-2">
            <UserCheck aria-hidden className="mx-auto mb-3 size-6 text-ink-3" />
            {t(view === 'here' ? 'people.nobody' : 'people.nobody_moved_on')}
          </div>
        ) : null}
        <ul className="divide-y divide-line">
          {rows.map((enrollment) => (
            <li key={enrollment.id}>
              <Link
                to="/contacts/$contactId"
                params={{ contactId: enrollment.contact.id }}
                search={{ enrollment: enrollment.id }}
                className="flex items-center gap-3 px-4 py-2.5 hover:bg-hover focus-visible:-outline-offset-2"
              >
                <span className="min-w-0 flex-1">
                  <span dir="auto" className="block truncate text-left font-medium">
                    {enrollment.contact.name === '' ? formatPhone(enrollment.contact.phone) : enrollment.contact.name}
                  </span>
                  <span className="flex items-center gap-2 text-ink-3 text-sm">
                    <EnrollmentSignal state={enrollment.state} />
                    {enrollment.due_at === null ? null : t('path.until')}
                    <Time at={enrollment.due_at ?? enrollment.finished_at ?? enrollment.started_at} />
                  </span>
                </span>
                <ChevronRight aria-hidden className="size-4 text-ink-3" />
              </Link>
            </li>
          ))}
        </ul>
        <More list={people} className="p-3 text-center" />
      </div>
    </div>
  );
}

/** How many a list holds; without numbers yet, only whom. */
function tabText(view: PeopleView, now: StepCounts | undefined): string {
  if (view === 'moved_on')
    return t('people.moved_on', { count: now === undefined ? '' : formatCount(now.left) }).trim();
  const here = t('people.here', { count: now === undefined ? '' : formatCount(now.here) }).trim();
  return now === undefined || now.failed === 0
    ? here
    : t('people.here_and_failed', { here, failed: formatCount(now.failed) });
}
