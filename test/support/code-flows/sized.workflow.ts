import type { CodeRunInput } from '@signalbox/engine/cohorts/run-contract';
import { beginRun, type CodeFlowDefinition, together } from '@signalbox/engine/workflows/steps';
import { sleep } from '@temporalio/workflow';

const send = (text: string) => ({ type: 'send-sms', config: { text, purpose: 'transactional' } }) as const;

/** What a workflow does depends on how many people a step returned: exactly what must not change when it begins again. */
export const definition = {
  name: 'Sized',
  description: 'Calls a step only where there is somebody to call it for.',
  steps: {
    ask: send('Ask'),
    answer: { type: 'wait-for-reply', config: { timeout: { amount: 2, unit: 'days' } } },
    thanks: send('Thanks'),
    sorry: send('Sorry'),
    last: send('Last'),
  },
} as const satisfies CodeFlowDefinition;

export async function sized(input: CodeRunInput): Promise<void> {
  const { people, steps, finish } = beginRun(definition, input);
  const { sent } = await steps.sendSms(people, { message: 'ask' });
  const { replied, timeout } = await steps.waitForReply(sent, { step: 'answer' });
  const told = [];
  if (replied.size > 0) told.push((await steps.sendSms(replied, { message: 'thanks' })).sent);
  if (timeout.size > 0) told.push((await steps.sendSms(timeout, { message: 'sorry' })).sent);
  // Not a power of two: the looks of a step that waits are those.
  await sleep('9 seconds');
  await steps.sendSms(together(...told), { message: 'last' });
  await finish();
}
