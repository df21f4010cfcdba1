import { refuse, send } from './define-rule.ts';
import type { GateCase } from './gate-case.ts';

const set = (settings: Record<string, unknown>) => ({ settings: { content: settings } });
const line = set({ opt_out_line: true });

export const cases: readonly GateCase[] = [
  { name: 'asks for nothing unless set', facts: { text: 'Sale' }, verdict: send },
  {
    name: 'misses the line that says how to opt out',
    facts: { text: 'Sale today', ...line },
    verdict: refuse('no_opt_out_line'),
  },
  { name: 'finds it', facts: { text: 'Sale today. Reply STOP to opt out', ...line }, verdict: send },
  { name: 'finds it in French', facts: { text: 'Soldes. Répondez ARRET', ...line }, verdict: send },
  {
    name: 'takes no end of a week for one',
    facts: { text: 'Sale until the end of the week', ...line },
    verdict: refuse('no_opt_out_line'),
  },
  {
    name: 'misses none in what is transactional',
    facts: { text: 'It left', purpose: 'transactional', ...line },
    verdict: send,
  },
  {
    name: 'finds a banned word in any spelling of its letters',
    facts: { text: 'The best CASÍNO in town', ...set({ banned: ['casino'] }) },
    verdict: refuse('banned_word', { word: 'casino' }),
  },
  {
    name: 'does not find it inside another',
    facts: { text: 'Casinos', ...set({ banned: ['casino'] }) },
    verdict: send,
  },
  {
    name: 'finds several words in a row',
    facts: { text: 'Get rich-quick now', purpose: 'transactional', ...set({ banned: ['rich quick'] }) },
    verdict: refuse('banned_word', { word: 'rich quick' }),
  },
  {
    name: 'refuses a link to elsewhere',
    facts: { text: 'See https://evil.example/a and shop.example.com/b', ...set({ hosts: ['example.com'] }) },
    verdict: refuse('link_not_allowed', { host: 'evil.example' }),
  },
  {
    name: 'lets through what lies below a host',
    facts: { text: 'shop.example.com/b.', ...set({ hosts: ['example.com'] }) },
    verdict: send,
  },
  {
    name: 'is not fooled by a host that ends alike',
    facts: { text: 'badexample.com', ...set({ hosts: ['example.com'] }) },
    verdict: refuse('link_not_allowed', { host: 'badexample.com' }),
  },
];
