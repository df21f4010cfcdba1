import type { CodeRunInput } from '@signalbox/engine/cohorts/run-contract';
import { beginRun, type CodeFlowDefinition } from '@signalbox/engine/workflows/steps';

/** Steps that hold and that end people, as flows that are drawn have them. */
export const definition = {
  name: 'Pauses',
  description: 'Waits a day, ends those with a name, and texts the others.',
  steps: {
    pause: { type: 'wait', config: { duration: { amount: 1, unit: 'days' } } },
    named: {
      type: 'branch',
      config: {
        branches: [{ id: 'known', label: 'Has a last name', condition: { field: 'contact.last_name', op: 'is_set' } }],
      },
    },
    over: { type: 'end', config: {} },
    hello: { type: 'send-sms', config: { text: 'A day has passed.', purpose: 'transactional' } },
  },
} as const satisfies CodeFlowDefinition;

export async function pauses(input: CodeRunInput): Promise<void> {
  const { people, steps, finish } = beginRun(definition, input);
  const { done } = await steps.wait(people, { step: 'pause' });
  const groups = await steps.branch(done, { step: 'named' });
  if (groups['known'] !== undefined) await steps.end(groups['known'], { step: 'over' });
  if (groups['else'] !== undefined) await steps.sendSms(groups['else'], { message: 'hello' });
  await finish();
}
