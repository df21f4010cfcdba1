import { z } from 'zod';
import { next } from '../../define/decision.ts';
import { defineNode } from '../../define/define-node.ts';
import { triggerSenders } from '../../define/trigger-senders.ts';
import { type AnswerWhen, answerWhens } from '../../text/answer-when.ts';
import { formatMessage } from '../../text/format-message.ts';

const config = z.object({
  when: z
    .enum(answerWhens)
    .default('any')
    .meta({
      ui: {
        label: 'Which texts',
        control: 'select',
        options: [
          { value: 'any', label: 'Any message' },
          { value: 'closed', label: 'Out of opening hours', help: 'Texts that come while the workspace is closed.' },
          { value: 'first', label: 'First contact', help: 'The first text that ever came from this person.' },
          { value: 'missed', label: 'Missed keyword', help: 'Texts of one word that is no keyword.' },
        ],
      },
    }),
  did_you_mean: z
    .boolean()
    .default(false)
    .meta({
      ui: {
        label: 'Look for the keyword that was meant',
        help: 'Texts count too whose first word is a letter or two away from a keyword. It is {{ event.data.keyword }} in messages.',
        control: 'toggle',
        visible: { field: 'when', equals: 'missed' },
      },
    }),
  once_a_day: z
    .boolean()
    .default(true)
    .meta({
      ui: {
        label: 'At most once a day for each person',
        help: 'Further texts within 24 hours wait in the inbox.',
        control: 'toggle',
      },
    }),
  senders: triggerSenders,
});

const titles = {
  any: 'Any message',
  closed: 'Out of opening hours',
  first: 'First contact',
  missed: 'Missed keyword',
} as const satisfies Record<AnswerWhen, string>;

/**
 * Starts the flow for someone whose text nothing else took: no word with a fixed meaning, no question that waits, no keyword.
 *
 * @example { when: 'closed', once_a_day: true }
 */
export const anyText = defineNode({
  type: 'any-text',
  version: 1,
  title: 'Auto-response',
  group: 'trigger',
  icon: 'message-circle-reply',
  docs: 'Starts the flow for a text that nothing else took: any of them, those out of opening hours, a person’s first, or those that look like a missed keyword.',
  effect: 'none',
  config,
  summary: ({ when, once_a_day }) =>
    formatMessage(once_a_day ? '{title}, at most once a day' : '{title}', { title: titles[when] }),
  outlets: () => [{ id: 'next', label: 'Next' }],
  trigger: ({ when, did_you_mean, once_a_day, senders }) => ({
    kind: 'text',
    keys: [{ key: when, path: ['when'] }],
    senders,
    onceADay: once_a_day,
    didYouMean: when === 'missed' && did_you_mean,
    entered: (event) => (event === null ? null : entered(when)),
  }),
  reasons: { text_answered: ({ when = '' }) => formatMessage('Texted: {title}', { title: titleOf(String(when)) }) },
  run: ({ config: { when } }) => next('next', entered(when)),
});

const entered = (when: AnswerWhen) => ({ code: 'text_answered', values: { when } }) as const;

function titleOf(when: string): string {
  return Object.entries(titles).find(([each]) => each === when)?.[1] ?? when;
}
