import type { CodeRunInput } from '@signalbox/engine/cohorts/run-contract';
import { beginRun, type CodeFlowDefinition } from '@signalbox/engine/workflows/steps';

const send = (text: string) => ({ type: 'send-sms', config: { text, purpose: 'transactional' } }) as const;

/** Two messages one after the other, nobody waits for the first. */
export const definition = {
  name: 'Unsettled',
  description: 'Goes on while the first message is still on its way.',
  steps: {
    first: send('First'),
    second: send('Second'),
    answer: { type: 'wait-for-reply', config: { timeout: { amount: 2, unit: 'days' } } },
    third: send('Third'),
  },
} as const satisfies CodeFlowDefinition;

export async function unsettled(input: CodeRunInput): Promise<void> {
  const { people, steps, finish } = beginRun(definition, input);
  const { sent } = await steps.sendSms(people, { message: 'first', settle: false });
  const second = await steps.sendSms(sent, { message: 'second' });
  const { replied } = await steps.waitForReply(second.sent, { step: 'answer' });
  await steps.sendSms(replied, { message: 'third', settle: false });
  await finish();
}
