import { z } from 'zod';
import { complianceWords } from '../text/compliance-words.ts';
import { linkHosts } from '../text/links.ts';
import { defineRule, refuse, send } from './define-rule.ts';

const hostSchema = z
  .string()
  .regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, { error: 'A host such as example.com' });

const settings = z.object({
  opt_out_line: z
    .boolean()
    .default(false)
    .meta({
      ui: {
        label: 'Marketing says how to opt out',
        help: 'A text without a line such as “Reply STOP to opt out” is not sent.',
      },
    }),
  banned: z
    .array(z.string().trim().min(1).max(40))
    .max(200)
    .default([])
    .meta({
      ui: {
        label: 'Words that are never sent',
        help: 'Whole words, in any spelling of their letters. Enter each by itself.',
        control: 'entries',
      },
    }),
  hosts: z
    .array(hostSchema)
    .max(50)
    .default([])
    .meta({
      ui: {
        label: 'Links lead only to',
        help: 'Hosts such as example.com, and what lies below them. Without any, to everywhere.',
        control: 'entries',
      },
    }),
});

/** Texts say what they have to and nothing that they may not. */
export const content = defineRule({
  name: 'content',
  title: 'Content',
  says: 'Texts say how to opt out where they have to, hold no banned word and link only to where you let them.',
  exempts: ['compliance_answer'],
  reasons: {
    no_opt_out_line: 'The text does not say how to opt out',
    banned_word: 'The text holds a banned word ({word})',
    link_not_allowed: 'The text links to {host}, which is not on the list',
  },
  settings,
  decide: ({ purpose, isAnswer, text }, { opt_out_line, banned, hosts }) => {
    if (opt_out_line && purpose === 'marketing' && !isAnswer && !saysHowToOptOut(text))
      return refuse('no_opt_out_line');
    if (banned.length > 0) {
      const word = bannedWord(text, banned);
      if (word !== null) return refuse('banned_word', { word });
    }
    if (hosts.length > 0) {
      const host = linkHosts(text).find(
        (each) => !hosts.some((allowed) => each === allowed || each.endsWith(`.${allowed}`)),
      );
      if (host !== undefined) return refuse('link_not_allowed', { host });
    }
    return send;
  },
});

const optOutWords = complianceWords.stop.map((word) => word.toLowerCase());

/** Whether a text holds a word that opts out whoever answers with it, in capitals or as one that means nothing else. */
function saysHowToOptOut(text: string): boolean {
  const plain = ` ${plainWords(text)} `;
  const shouted = ` ${text.replace(/[^\p{L}\p{N}]+/gu, ' ')} `;
  return optOutWords.some(
    (word) => shouted.includes(` ${word.toUpperCase()} `) || (plainly.has(word) && plain.includes(` ${word} `)),
  );
}

const plainly = new Set(['stop', 'unsubscribe', 'optout', 'opt out']);

/** The first of the words that stands in a text as a whole one; null where none does. */
function bannedWord(text: string, banned: readonly string[]): string | null {
  const plain = ` ${plainWords(text)} `;
  return banned.find((word) => plain.includes(` ${plainWord(word)} `)) ?? null;
}

const plainlyWritten = new Map<string, string>();

/** The words of a banned one, which every text is asked about. */
function plainWord(word: string): string {
  const known = plainlyWritten.get(word);
  if (known !== undefined) return known;
  if (plainlyWritten.size >= 10_000) plainlyWritten.clear();
  const plain = plainWords(word);
  plainlyWritten.set(word, plain);
  return plain;
}

/** A text's words without case, accents and signs, a blank between them. */
function plainWords(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLocaleLowerCase('en')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
