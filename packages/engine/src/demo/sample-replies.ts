import { flow } from '@signalbox/nodes/flow/builder';
import { end } from '@signalbox/nodes/library/end/end';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { anyText } from '@signalbox/nodes/library/trigger/any-text';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';

const hours = flow('Sample: opening hours', { description: 'A command: whoever texts HOURS is answered at once.' });
hours
  .step('start', keyword, { keywords: ['HOURS'] })
  .to(
    'next',
    hours
      .step('answer', sendSms, { text: 'We are here Monday to Friday, 9 to 5.', purpose: 'transactional' })
      .to('sent', hours.step('done', end, {})),
  );

const closed = flow('Sample: out of hours', {
  description:
    'An auto-response that is off: publish it, and texts that nothing else takes are answered while you are closed.',
});
closed.step('start', anyText, { when: 'closed' }).to(
  'next',
  closed
    .step('answer', sendSms, {
      text: 'Thanks for your text. We are closed now and answer on the next working day.',
      purpose: 'transactional',
    })
    .to('sent', closed.step('done', end, {})),
);

/** A command that a demo workspace begins with. */
export const sampleCommand = hours.build();
/** An auto-response of a demo workspace, off at first: whoever tries the phone at night is not to be told that nobody is there. */
export const sampleAutoResponse = closed.build();
