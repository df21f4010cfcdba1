import type { Test } from '@signalbox/engine/experiments/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { FlaskConical } from 'lucide-react';
import { useFlow } from '../canvas/flow-context.tsx';
import { type Page, query, request } from '../lib/api.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';

const mostTests = 200;

/** The way to the results of a step's test, once a version with it was published; nothing for every other step. */
export function TestLink({ stepId }: { readonly stepId: string }) {
  const flowId = useFlow((state) => state.flowId);
  const tests = useQuery({
    queryKey: ['tests', 'of_flow', flowId],
    queryFn: ({ signal }) =>
      request<Page<Test>>('GET', `/tests${query({ flow_id: flowId, limit: mostTests })}`, { signal }),
    select: ({ data }) => data.find((test) => test.step_id === stepId)?.id ?? null,
  });
  if (tests.data === undefined || tests.data === null) return null;
  return (
    <Button asChild>
      <Link to="/campaigns/tests/$testId" params={{ testId: tests.data }}>
        <FlaskConical aria-hidden className="text-test" />
        {t('test.to_page')}
      </Link>
    </Button>
  );
}
