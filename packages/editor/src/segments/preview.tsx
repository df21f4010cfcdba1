import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { FlowProblem } from '../flow-model/flow-problems.ts';
import { problemFrom } from '../lib/api.ts';
import { formatPhone } from '../lib/format.ts';
import { t, tr } from '../lib/translate.ts';
import { hasName, nameOf } from '../people/names.ts';
import { ReachLine } from '../people/reach-line.tsx';
import { Section } from '../ui/section.tsx';
import { ErrorState, Skeleton } from '../ui/states.tsx';
import { conditionProblems } from './condition-problems.ts';
import { segmentPreviewQuery } from './queries.ts';

const pauseMs = 400;

/** Whom a condition fits right now, asked once whoever writes it pauses. */
export function Preview({
  condition,
  segmentId,
  onProblems,
}: {
  readonly condition: unknown;
  readonly segmentId: string | null;
  readonly onProblems: (problems: readonly FlowProblem[]) => void;
}) {
  const asked = usePaused(condition);
  const preview = useQuery(segmentPreviewQuery(asked, segmentId));
  const problem = preview.isError ? problemFrom(preview.error) : null;
  const unfit = problem?.status === 422;
  const { error } = preview;
  useEffect(() => {
    onProblems(error === null ? [] : conditionProblems(problemFrom(error)));
  }, [error, onProblems]);
  const { data } = preview;
  const isOld = asked !== condition || preview.isFetching;
  return (
    <Section title={t('segments.preview')}>
      {problem !== null && !unfit ? (
        <ErrorState problem={problem} className="py-4" onRetry={() => void preview.refetch()} />
      ) : null}
      {unfit ? <p className="text-ink-2">{t('segments.preview.unfinished')}</p> : null}
      {data === undefined && problem === null ? <Skeleton className="h-28" /> : null}
      {data === undefined || problem !== null ? null : (
        <div aria-busy={isOld} className="flex flex-col gap-4 aria-busy:cursor-progress">
          <div className="flex flex-col gap-1.5">
            <p role="status" className="num font-semibold text-xl">
              {t('segments.size', { n: data.size })}
            </p>
            <ReachLine reach={data.reach} label={t('segments.reach')} />
          </div>
          <p dir="auto" className="text-ink-2 text-sm first-letter:uppercase [overflow-wrap:anywhere]">
            {tr(data.sentence)}
          </p>
          {data.samples.length === 0 ? (
            <p className="text-ink-2 text-sm">{t('segments.preview.nobody')}</p>
          ) : (
            <ul aria-label={t('segments.samples')} className="-mx-2 flex flex-col">
              {data.samples.map((person) => (
                <li key={person.contact_id}>
                  <Link
                    to="/contacts/$contactId"
                    params={{ contactId: person.contact_id }}
                    className="flex items-baseline justify-between gap-3 rounded-md px-2 py-1.5 hover:bg-hover max-md:min-h-11"
                  >
                    <span dir="auto" className="truncate">
                      {nameOf(person)}
                    </span>
                    {hasName(person) ? (
                      <span className="num shrink-0 text-ink-3 text-sm">{formatPhone(person.phone)}</span>
                    ) : null}
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </Section>
  );
}

/** A value as it was when it last stood still. */
function usePaused<T>(value: T): T {
  const [paused, setPaused] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(value), pauseMs);
    return () => clearTimeout(timer);
  }, [value]);
  return paused;
}
