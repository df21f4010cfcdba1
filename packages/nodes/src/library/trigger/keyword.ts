import { z } from 'zod';
import { next } from '../../define/decision.ts';
import { defineNode } from '../../define/define-node.ts';
import type { EntryEvent } from '../../define/trigger.ts';
import { triggerSenders } from '../../define/trigger-senders.ts';
import { complianceOf } from '../../text/compliance-words.ts';
import { formatCount, formatMessage } from '../../text/format-message.ts';
import { isKeyword, keywordMatches, longestPhrase, matchKeyword, normaliseKeyword } from '../../text/keywords.ts';
import { weekHoursSchema } from '../../time/week-hours.ts';

const config = z
  .object({
    keywords: z
      .array(z.string().max(240).overwrite(normaliseKeyword))
      .min(1)
      .max(20)
      .meta({
        ui: {
          label: 'Keywords',
          help: 'Capital letters and punctuation around the word make no difference.',
          placeholder: 'JOIN',
          control: 'keywords',
        },
      }),
    match: z
      .enum(keywordMatches)
      .default('first_word')
      .meta({
        ui: {
          label: 'Where the keyword must be',
          control: 'select',
          options: [
            { value: 'first_word', label: 'First word of the text' },
            {
              value: 'whole_text',
              label: 'The whole text',
              help: 'A text with anything else in it does not count.',
            },
            {
              value: 'phrase',
              label: 'Anywhere in the text',
              help: 'A keyword may have several words then, put in quotation marks: "opening hours".',
            },
          ],
        },
      }),
    senders: triggerSenders,
    hours: z
      .array(weekHoursSchema)
      .max(14)
      .default([])
      .meta({
        ui: {
          label: 'When it counts',
          help: 'In the workspace’s time zone. Without any it always counts.',
          control: 'week-hours',
        },
      }),
  })
  .superRefine(({ keywords, match }, context) => {
    keywords.forEach((keyword, index) => {
      const message = !isKeyword(keyword, match)
        ? match === 'phrase'
          ? `A phrase has at most ${longestPhrase} words of at most 40 characters each`
          : 'A keyword is one word, emoji or symbol of at most 40 characters'
        : keywords.indexOf(keyword) < index
          ? 'This keyword is listed twice'
          : null;
      if (message !== null) context.addIssue({ code: 'custom', message, path: ['keywords', index] });
    });
  });

/**
 * Starts the flow for someone who texts one of the keywords.
 *
 * @example { keywords: ['JOIN'], match: 'first_word' }
 */
export const keyword = defineNode({
  type: 'keyword',
  version: 1,
  title: 'Keyword',
  group: 'trigger',
  icon: 'message-square-text',
  docs: 'Starts the flow for someone who texts a keyword. Words such as STOP and HELP have a fixed meaning and cannot be taken.',
  effect: 'none',
  config,
  summary: ({ keywords, match }) => {
    const [first = ''] = keywords;
    const words =
      keywords.length === 1
        ? first.toUpperCase()
        : formatCount(keywords.length - 1, summaries.more, { first: first.toUpperCase() });
    return formatMessage(summaries[match], { words });
  },
  outlets: () => [{ id: 'next', label: 'Next' }],
  trigger: ({ keywords, match, senders, hours }) => ({
    kind: 'keyword',
    keys: keywords.map((key, index) => ({ key, path: ['keywords', index] })),
    match,
    senders,
    hours,
    entered: (event) => entered({ keywords, match }, event),
  }),
  reasons: {
    keyword_matched: ({ keyword: matched = null }) =>
      matched === null ? 'Entered without a keyword' : formatMessage('Texted the keyword {matched}', { matched }),
  },
  problems: {
    keyword_is_compliance_word: {
      severity: 'error',
      title: '{keyword} has a fixed meaning and cannot start a flow',
      fix: 'Choose another keyword.',
    },
    keyword_is_help_word: {
      severity: 'warning',
      title: '{keyword} asks for help in some languages: while this flow is live it takes the word',
      fix: 'Say in its answer who you are and how to stop, or choose another keyword.',
    },
  },
  check: ({ keywords }) =>
    keywords.flatMap((word, index) => {
      const means = complianceOf(word);
      if (means === null) return [];
      const code = means === 'fixed' ? 'keyword_is_compliance_word' : 'keyword_is_help_word';
      return [{ code, path: ['keywords', index], values: { keyword: word.toUpperCase() } }];
    }),
  run: ({ config, event }) => next('next', entered(config, event)),
});

/** The keyword that a text matched, as people write it; null for whoever came in without one. */
function entered({ keywords, match }: Pick<z.infer<typeof config>, 'keywords' | 'match'>, event: EntryEvent | null) {
  const matched = keywords.find((word) => matchKeyword(event?.text ?? '', word, match)) ?? null;
  return { code: 'keyword_matched', values: { keyword: matched?.toUpperCase() ?? null } } as const;
}

const summaries = {
  more: { one: '{first} or {count} other', other: '{first} or {count} others' },
  first_word: 'Someone texts {words}',
  whole_text: 'Someone texts just {words}',
  phrase: 'Someone texts {words} anywhere in a text',
} as const;
