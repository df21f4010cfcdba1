import { flow } from '@signalbox/nodes/flow/builder';
import type { FlowGraph } from '@signalbox/nodes/flow/graph';
import { branch } from '@signalbox/nodes/library/logic/branch';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { checkConsent } from '@signalbox/nodes/library/people/check-consent';
import { recordConsent } from '@signalbox/nodes/library/people/record-consent';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
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
  const wait = w.step('wait', waitForReply, { timeout: { amount: 2, unit: 'days' } });
  const meaning = w.step('meaning', branch, {
    branches: [{ id: 'yes', label: 'Yes', condition: { field: 'reply.text', op: 'means_yes' } }],
  });
  const good = w.step('good', sendSms, { text: 'Tips are on.', purpose: 'marketing' });
  const bye = w.step('bye', sendSms, { text: 'No tips then.', purpose: 'marketing' });
  start.to('next', record);
  record.to('next', check);
  check.to('yes', ask);
  ask.to('sent', wait);
  wait.to('replied', meaning).to('timeout', bye);
  meaning.to('yes', good).to('else', bye);
  return w.graph();
}
