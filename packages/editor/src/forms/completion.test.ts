import { describe, expect, it } from 'vitest';
import { type Completion, complete, completionAt } from './completion.ts';

const known: readonly Completion[] = [
  { text: 'contact.first_name', label: 'First name', kind: 'variable' },
  { text: 'contact.email', label: 'Email', kind: 'variable' },
  { text: 'now', label: 'Now', kind: 'variable' },
  { text: 'snippet.sign_off', label: 'Sign-off', kind: 'snippet' },
  { text: 'upcase', label: 'upcase', kind: 'filter' },
  { text: 'default', label: 'default', kind: 'filter' },
];
/** What is offered where the bar stands in the text. */
const offered = (marked: string) => {
  const caret = marked.indexOf('¦');
  return completionAt(marked.replace('¦', ''), caret, known)?.options.map(({ text }) => text) ?? null;
};
/** The text once the first of it is chosen, with the cursor. */
const chosen = (marked: string) => {
  const text = marked.replace('¦', '');
  const found = completionAt(text, marked.indexOf('¦'), known);
  const [first] = found?.options ?? [];
  if (found === null || first === undefined) return null;
  const done = complete(text, found, first);
  return `${done.text.slice(0, done.caret)}¦${done.text.slice(done.caret)}`;
};

describe('what is offered', () => {
  it.each([
    ['Hi ¦', null],
    ['Hi {¦', null],
    ['Hi {{¦', ['contact.first_name', 'contact.email', 'now', 'snippet.sign_off']],
    ['Hi {{ na¦', ['contact.first_name']],
    ['Hi {{ fir¦ }}', ['contact.first_name']],
    ['Hi {{ sig¦', ['snippet.sign_off']],
    ['Hi {{ now¦ }}', null],
    ['{{ now }} ¦', null],
    ['{{ now | ¦', ['upcase', 'default']],
    ['{{ now | up¦ }}', ['upcase']],
    ['{{ now | default: ¦', null],
    ["{{ now | default: 'a|¦", null],
    ['{% ¦', null],
    ['{% if con¦', ['contact.first_name', 'contact.email']],
    ['{% if sign¦', null],
    ['{{ nothing_like_it¦', null],
  ])('in %s', (text, options) => expect(offered(text)).toEqual(options));
});

it.each([
  ['Hi {{¦', 'Hi {{ contact.first_name }}¦'],
  ['Hi {{ em¦!', 'Hi {{ contact.email }}¦!'],
  ['Hi {{ em¦ail }} there', 'Hi {{ contact.email¦ }} there'],
  ['{{ now | u¦ }}', '{{ now | upcase¦ }}'],
  ['{% if em¦', '{% if contact.email %}¦'],
])('what is chosen in %s takes its place, and the placeholder is closed', (text, done) =>
  expect(chosen(text)).toBe(done),
);
