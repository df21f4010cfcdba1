import { later, refuse, send } from './define-rule.ts';
import type { GateCase } from './gate-case.ts';
import { sampleFacts } from './gate-case.ts';

const hoursAgo = (hours: number) => new Date(sampleFacts.now.getTime() - hours * 3_600_000);
const set = (settings: Record<string, unknown>) => ({ settings: { 'frequency-caps': settings } });
const two = { caps: [{ messages: 2, hours: 24 }] };

export const cases: readonly GateCase[] = [
  { name: 'caps nothing unless set', facts: { earlier: [hoursAgo(1), hoursAgo(2), hoursAgo(3)] }, verdict: send },
  { name: 'lets the second through', facts: { earlier: [hoursAgo(1)], ...set(two) }, verdict: send },
  {
    name: 'skips the third of a day',
    facts: { earlier: [hoursAgo(1), hoursAgo(20)], ...set(two) },
    verdict: refuse('frequency_cap', { messages: 2, hours: 24 }),
  },
  {
    name: 'forgets what is older than the window',
    facts: { earlier: [hoursAgo(1), hoursAgo(24)], ...set(two) },
    verdict: send,
  },
  {
    name: 'keeps the third until the first is a day old',
    facts: { earlier: [hoursAgo(1), hoursAgo(20)], ...set({ ...two, over: 'hold' }) },
    verdict: later(hoursAgo(-4), 'frequency_cap', { messages: 2, hours: 24 }),
  },
  {
    name: 'of two caps the one that lasts longer is heard',
    facts: {
      earlier: [hoursAgo(1), hoursAgo(20)],
      ...set({
        caps: [
          { messages: 1, hours: 2 },
          { messages: 2, hours: 48 },
        ],
        over: 'hold',
      }),
    },
    verdict: later(hoursAgo(-28), 'frequency_cap', { messages: 2, hours: 48 }),
  },
  {
    name: 'does not mind what is transactional',
    facts: { purpose: 'transactional', earlier: [hoursAgo(1), hoursAgo(2)], ...set(two) },
    verdict: send,
  },
  {
    name: 'does not mind an answer',
    facts: { isAnswer: true, earlier: [hoursAgo(1), hoursAgo(2)], ...set(two) },
    verdict: send,
  },
];
