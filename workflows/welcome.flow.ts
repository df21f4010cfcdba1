import { flow } from '@signalbox/nodes/flow/builder';
import { end } from '@signalbox/nodes/library/end/end';
import { branch } from '@signalbox/nodes/library/logic/branch';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { checkConsent } from '@signalbox/nodes/library/people/check-consent';
import { recordConsent } from '@signalbox/nodes/library/people/record-consent';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
import { waitForReply } from '@signalbox/nodes/library/wait/wait-for-reply';

const w = flow('Welcome', {
  description: 'Greets people who text WELCOME, asks what they want to hear and answers either way.',
});

const start = w.step('start', keyword, { keywords: ['WELCOME'] });
const record = w.step('record', recordConsent, {
  purpose: 'marketing',
  wording: 'Text WELCOME to get news and offers by SMS, up to 4 a month. Msg & data rates may apply. Text STOP to end.',
});
const check = w.step('check', checkConsent, { purpose: 'marketing' });
const greet = w.step('greet', sendSms, {
  text: "Welcome {{ contact.first_name | default: 'there' }}! Would you like our weekly tips as well? Reply YES or NO. Text STOP to end.",
});
const answer = w.step('answer', waitForReply, { timeout: { amount: 2, unit: 'days' } });
const decide = w.step('decide', branch, {
  branches: [{ id: 'yes', label: 'Said yes', condition: { field: 'reply.text', op: 'means_yes' } }],
});
const tips = w.step('tips', sendSms, { text: 'Good choice. Your first tip arrives on Monday. Text STOP to end.' });
const noTips = w.step('no_tips', sendSms, { text: 'No tips then, only the news. Text STOP to end.' });

const welcomed = w.step('welcomed', end, {}, { name: 'Welcomed' });
const silent = w.step('silent', end, {}, { name: 'Did not reply' });
const unreached = w.step('unreached', end, {}, { name: 'Not reached' });
const withoutConsent = w.step('without_consent', end, {}, { name: 'No consent' });

start.to('next', record);
record.to('next', check);
check.to('yes', greet).to('no', withoutConsent);
greet.to('sent', answer).to('not_sent', unreached);
answer.to('replied', decide).to('timeout', silent);
decide.to('yes', tips).to('else', noTips);
tips.to('sent', welcomed).to('not_sent', unreached);
noTips.to('sent', welcomed).to('not_sent', unreached);

/** The welcome flow: keyword, consent, a greeting, a question and two answers. */
export const welcome = w.build();
