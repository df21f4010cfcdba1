import type { CodeRunInput } from '@signalbox/engine/cohorts/run-contract';
import { beginRun, type CodeFlowDefinition } from '@signalbox/engine/workflows/steps';

/** A message that is too long for people with long names. */
export const definition = {
  name: 'Long',
  description: 'Sends as much as fits, or fails.',
  steps: {
    send: {
      type: 'send-sms',
      config: { text: `{{ contact.first_name }} ${'x'.repeat(1_550)}`, purpose: 'transactional' },
    },
  },
} as const satisfies CodeFlowDefinition;

export async function long(input: CodeRunInput): Promise<void> {
  const { people, steps, finish } = beginRun(definition, input);
  await steps.sendSms(people, { message: 'send' });
  await finish();
}
