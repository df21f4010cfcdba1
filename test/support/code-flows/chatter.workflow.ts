import type { CodeRunInput } from '@signalbox/engine/cohorts/run-contract';
import { beginRun, type CodeFlowDefinition } from '@signalbox/engine/workflows/steps';

/** Texts again and again, as a loop does whose end somebody forgot. */
export const definition = {
  name: 'Chatter',
  description: 'Sends more texts than anybody may get of one flow in an hour.',
  steps: {
    again: { type: 'send-sms', config: { text: 'Again', purpose: 'transactional' } },
  },
} as const satisfies CodeFlowDefinition;

export async function chatter(input: CodeRunInput): Promise<void> {
  const { people, steps, finish } = beginRun(definition, input);
  let reached = people;
  for (let times = 0; times < 22; times += 1) reached = (await steps.sendSms(reached, { message: 'again' })).sent;
  await finish();
}
