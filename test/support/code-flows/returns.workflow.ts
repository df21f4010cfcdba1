import type { CodeRunInput } from '@signalbox/engine/cohorts/run-contract';
import { beginRun, type CodeFlowDefinition } from '@signalbox/engine/workflows/steps';

/** Returns without saying what becomes of its people; with an even number of them, without even a call. */
export const definition = {
  name: 'Returns',
  description: 'Forgets to finish.',
  steps: { hello: { type: 'send-sms', config: { text: 'Hello', purpose: 'transactional' } } },
} as const satisfies CodeFlowDefinition;

export async function returns(input: CodeRunInput): Promise<void> {
  const { people, steps } = beginRun(definition, input);
  if (people.size % 2 === 1) await steps.sendSms(people, { message: 'hello' });
}
