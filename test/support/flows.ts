import { flow } from '@signalbox/nodes/flow/builder';
import type { FlowGraph } from '@signalbox/nodes/flow/graph';
import { branch } from '@signalbox/nodes/library/logic/branch';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { checkConsent } from '@signalbox/nodes/library/people/check-consent';
import { recordConsent } from '@signalbox/nodes/library/people/record-consent';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
import { wait } from '@signalbox/nodes/library/wait/wait';
import { waitForReply } from '@signalbox/nodes/library/wait/wait-for-reply';

/** Keyword or event → record consent → check → send → wait for a reply → branch → one of two sends. */
export function conversationFlow(entry: { keyword: string } | { event: string }): FlowGraph {
  const w = flow('Conversation');
  const start =
    'keyword' in entry
      ? w.step('start', keyword, { keywords: [entry.keyword], match: 'first_word' })
      : w.step('start', apiEvent, { event: entry.event });
  const record = w.step('record', recordConsent, { purpose: 'marketing', wording: 'Text us to get offers.' });
  const check = w.step('check', checkConsent, { purpose: 'marketing' });
  const ask = w.step('ask', sendSms, {
    text: 'Want tips, {{ contact.first_name | default: "there" }}? Reply YES',
    purpose: 'marketing',
  });
  const answer = w.step('wait', waitForReply, { timeout: { amount: 2, unit: 'days' } });
  const meaning = w.step('meaning', branch, {
    branches: [{ id: 'yes', label: 'Yes', condition: { field: 'reply.text', op: 'means_yes' } }],
  });
  const good = w.step('good', sendSms, { text: 'Tips are on.', purpose: 'marketing' });
  const bye = w.step('bye', sendSms, { text: 'No tips then.', purpose: 'marketing' });
  start.to('next', record);
  record.to('next', check);
  check.to('yes', ask);
  ask.to('sent', answer);
  answer.to('replied', meaning).to('timeout', bye);
  meaning.to('yes', good).to('else', bye);
  return w.graph();
}

/** Sends two texts, a day apart. */
export function twoTextsFlow(
  word: string,
  purposes: { readonly first: 'marketing' | 'transactional'; readonly second: 'marketing' | 'transactional' },
): FlowGraph {
  const w = flow(word);
  const start = w.step('start', keyword, { keywords: [word] });
  const record = w.step('record', recordConsent, { purpose: 'marketing', wording: 'Text us to get offers.' });
  const first = w.step('first', sendSms, { text: 'The first.', purpose: purposes.first });
  const day = w.step('day', wait, { duration: { amount: 1, unit: 'days' } });
  const second = w.step('second', sendSms, { text: 'The second.', purpose: purposes.second });
  start.to('next', record);
  record.to('next', first);
  first.to('sent', day);
  day.to('done', second);
  return w.graph();
}
