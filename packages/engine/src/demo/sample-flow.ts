import { flow } from '@signalbox/nodes/flow/builder';
import { end } from '@signalbox/nodes/library/end/end';
import { branch } from '@signalbox/nodes/library/logic/branch';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { recordConsent } from '@signalbox/nodes/library/people/record-consent';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
import { waitForReply } from '@signalbox/nodes/library/wait/wait-for-reply';

import { sampleTip } from './sample-templates.ts';

/** The flow that a demo workspace begins with; `tipTemplate` is what it sends to whoever wants tips. */
export function sampleFlow(tipTemplate: string) {
  const hello = flow('Sample: say hello', {
    description: 'A conversation in two steps, with sample people in it. Remove it whenever you like.',
  });

  const start = hello.step('start', keyword, { keywords: ['HELLO'] });
  const consent = hello.step('consent', recordConsent, {
    purpose: 'marketing',
    wording:
      'Text HELLO to hear from our sample shop, up to 4 texts a month. Msg & data rates may apply. Text STOP to end.',
  });
  const greet = hello.step('greet', sendSms, {
    text: "Hello {{ contact.first_name | default: 'there' }}! Would you like a tip a week? Reply YES or NO. Text STOP to end.",
  });
  const answer = hello.step('answer', waitForReply, { timeout: { amount: 1, unit: 'days' } });
  const decide = hello.step('decide', branch, {
    branches: [{ id: 'yes', label: 'Said yes', condition: { field: 'reply.text', op: 'means_yes' } }],
  });
  const tips = hello.step('tips', sendSms, {
    source: 'template',
    template: { id: tipTemplate, name: sampleTip.name },
    shorten_links: true,
  });
  const quiet = hello.step('quiet', sendSms, { text: 'No tips then. You can text HELLO again any time.' });
  const done = hello.step('done', end, {}, { name: 'Answered' });
  const silent = hello.step('silent', end, {}, { name: 'Did not answer' });
  const unreached = hello.step('unreached', end, {}, { name: 'Not reached' });

  start.to('next', consent);
  consent.to('next', greet);
  greet.to('sent', answer).to('not_sent', unreached);
  answer.to('replied', decide).to('timeout', silent);
  decide.to('yes', tips).to('else', quiet);
  tips.to('sent', done).to('not_sent', unreached);
  quiet.to('sent', done).to('not_sent', unreached);

  return hello.build();
}
