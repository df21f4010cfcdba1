import type { Test } from '@signalbox/engine/experiments/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { TestState } from '../experiments/test-state.tsx';
import { verdictWords } from '../experiments/verdict-words.ts';
import { t } from '../lib/translate.ts';
import { Section } from '../ui/section.tsx';
import { campaignTestsQuery } from './queries.ts';

/** The A/B tests that stand in the campaign's flow, with what may be said of each; nothing where there is none. */
export function CampaignTests({ flowId }: { readonly flowId: string }) {
  const tests = useQuery(campaignTestsQuery(flowId)).data ?? [];
  if (tests.length === 0) return null;
  return (
    <Section title={t('campaigns.tests')}>
      <ul aria-label={t('campaigns.tests')} className="divide-y divide-line">
        {tests.map((test) => (
          <Row key={test.id} test={test} />
        ))}
      </ul>
    </Section>
  );
}

function Row({ test }: { readonly test: Test }) {
  const { title, text } = verdictWords(test);
  return (
    <li className="py-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <TestState test={test} />
        <Link
          to="/campaigns/tests/$testId"
          params={{ testId: test.id }}
          dir="auto"
          className="font-medium underline underline-offset-4"
        >
          {test.arms.map(({ label }) => label).join(' / ')}
        </Link>
      </div>
      <p dir="auto" className="mt-1 text-sm [overflow-wrap:anywhere]">
        {title} <span className="text-ink-2">{text}</span>
      </p>
    </li>
  );
}
