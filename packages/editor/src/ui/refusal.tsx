import type { Problem } from '@signalbox/engine/http/contract';
import { CircleAlert } from 'lucide-react';
import { problemAdvice } from '../lib/api.ts';

/** Why the server refused, with the problems of the flow where these are why. */
export function Refusal({ problem }: { readonly problem: Problem }) {
  return (
    <div role="alert" className="flex gap-2 rounded-md bg-stop-soft p-3 text-sm">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-stop" />
      <div>
        <p>
          <strong>{problem.title}.</strong> {problemAdvice(problem)}
        </p>
        {problem.problems?.map((each) => (
          <p key={`${each.code} ${each.step_id ?? ''} ${each.path.join('.')}`}>
            {each.title}. {each.action}
          </p>
        ))}
      </div>
    </div>
  );
}
