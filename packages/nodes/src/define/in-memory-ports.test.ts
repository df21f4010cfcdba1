import { describe, expect, it } from 'vitest';
import { inMemoryPorts } from './in-memory-ports.ts';

const now = new Date('2026-03-02T15:00:00Z');

describe('ports in memory', () => {
  it('read the state as given and collect what is written', async () => {
    const { ports, writes } = inMemoryPorts({
      now,
      consent: { marketing: 'revoked' },
      messageId: (count) => `m${count}`,
    });
    ports.consent.record({ purpose: 'marketing', wording: 'Yes' });
    expect(await ports.consent.state('marketing')).toBe('revoked');
    expect(await ports.consent.state('transactional')).toBe('none');
    const draft = { text: 'Hi', purpose: 'marketing', lane: 'journey' } as const;
    expect(await ports.messages.queue(draft)).toEqual({ queued: 'm1' });
    expect(await ports.messages.queue(draft)).toEqual({ queued: 'm2' });
    ports.profile.set('email', null);
    expect(await ports.tests.standing()).toEqual({ id: 'test', given: null, over: null });
    ports.tests.give({ arm: 'a', propensity: 0.5, by: 'draw' });
    expect(writes).toEqual({
      consent: [{ purpose: 'marketing', wording: 'Yes' }],
      messages: [
        { ...draft, id: 'm1' },
        { ...draft, id: 'm2' },
      ],
      profile: [{ field: 'email', value: null }],
      tests: [{ arm: 'a', propensity: 0.5, by: 'draw' }],
    });
  });

  it('a refusing gate queues nothing', async () => {
    const { ports, writes } = inMemoryPorts({ now, refuse: { code: 'suppressed' } });
    expect(await ports.messages.queue({ text: 'Hi', purpose: 'marketing', lane: 'bulk' })).toEqual({
      refused: { code: 'suppressed' },
    });
    expect(writes.messages).toEqual([]);
  });

  it('sums fading points, without events to come', async () => {
    const events = ['2026-03-02T15:00:00Z', '2026-03-01T15:00:00Z', '2026-03-03T15:00:00Z'].map((at) => ({
      type: 'a.b',
      occurred_at: new Date(at),
    }));
    const { ports } = inMemoryPorts({ now, events });
    expect(await ports.events.decayedSum({ weights: { 'a.b': 4, constructor: 9 }, halfLifeDays: 1 })).toBe(6);
  });
});
