import type { CodeRunInput } from '@signalbox/engine/cohorts/run-contract';
import { beginRun, type CodeFlowDefinition } from '@signalbox/engine/workflows/steps';
import { sleep } from '@temporalio/workflow';

/** The steps that the editor shows and counts, by their stable names. Texts stay here: they never enter a history. */
export const definition = {
  name: 'Win back quiet customers',
  description: 'Two offers, two days apart. Whoever answers the first one is left in peace.',
  steps: {
    consented: { type: 'check-consent', config: { purpose: 'marketing' } },
    'first-offer': {
      type: 'send-sms',
      config: {
        text: "Hi {{ contact.first_name | default: 'there' }}, we miss you. Reply YES and your next order ships free.",
        purpose: 'marketing',
      },
    },
    'first-answer': { type: 'wait-for-reply', config: { timeout: { amount: 2, unit: 'days' } } },
    thanks: { type: 'send-sms', config: { text: 'Done: your next order ships free.', purpose: 'marketing' } },
    'second-offer': {
      type: 'send-sms',
      config: { text: 'Last call: 20% off everything until Sunday. Reply STOP to opt out.', purpose: 'marketing' },
    },
  },
} as const satisfies CodeFlowDefinition;

/** A plain Temporal workflow over cohorts: what a graph could not say more clearly. */
export async function winBack(input: CodeRunInput): Promise<void> {
  const { people, steps, finish } = beginRun(definition, input);
  const { yes: consented } = await steps.checkConsent(people, { step: 'consented' });
  const { sent } = await steps.sendSms(consented, { message: 'first-offer' });
  const { replied, timeout } = await steps.waitForReply(sent, { step: 'first-answer' });
  await steps.sendSms(replied, { message: 'thanks' });
  await sleep('1 hour');
  await steps.sendSms(timeout, { message: 'second-offer' });
  await finish();
}
