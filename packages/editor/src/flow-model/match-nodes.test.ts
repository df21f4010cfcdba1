import { describe, expect, it } from 'vitest';
import { matchNodes } from './match-nodes.ts';

const first = (text: string, offer = { triggers: false, others: true }) => matchNodes(text, offer)[0]?.entries[0];

describe('finding a node by typing', () => {
  it('takes a length of time along', () => {
    expect(first('wait 3h')).toMatchObject({
      node: { type: 'wait' },
      preset: { duration: { amount: 3, unit: 'hours' } },
    });
    expect(first('w 2d')?.preset).toEqual({ duration: { amount: 2, unit: 'days' } });
  });

  it('puts what begins with the text first', () => {
    expect(first('send')?.node.type).toBe('send-sms');
    expect(first('check c')?.node.type).toBe('check-consent');
  });

  it('offers triggers only where a flow begins', () => {
    expect(matchNodes('', { triggers: false, others: true }).map((entry) => entry.group)).not.toContain('trigger');
    expect(matchNodes('', { triggers: true, others: false }).map((entry) => entry.group)).toEqual(['trigger']);
  });

  it('finds nothing for nonsense', () => {
    expect(matchNodes('zzzz', { triggers: true, others: true })).toEqual([]);
  });
});
