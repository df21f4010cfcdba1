import { flow } from '@signalbox/nodes/flow/builder';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';

const hours = flow('Opening hours', { description: 'Answers whoever texts HOURS.' });
const asked = hours.step('asked', keyword, { keywords: ['HOURS'] });
const answer = hours.step('answer', sendSms, {
  text: "Hello {{ contact.first_name | default: 'there' }}, we are open from 9 to 5.",
  purpose: 'transactional',
});
asked.to('next', answer);

/** The flow that examples create: one that can be published. */
export const exampleFlow = hours.build();
