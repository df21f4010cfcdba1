import type { FlowSummary } from '@signalbox/engine/flows/contract';
import { describe, expect, it } from 'vitest';
import { quietKeyword } from './quiet-keyword.ts';

const flowOf = (own: Partial<FlowSummary>): FlowSummary => ({
  id: 'flw_00000000000000000000000000',
  name: 'Fruit',
  description: '',
  kind: 'drawn',
  state: 'draft',
  triggers: [],
  draft_triggers: [{ kind: 'keyword', value: 'FRUIT', match: 'first_word' }],
  live_version: null,
  has_unpublished_changes: true,
  people: { entered: 0, here: 0, failed: 0 },
  is_sample: false,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
  ...own,
});
const live: Partial<FlowSummary> = { triggers: [{ kind: 'keyword', value: 'FRUIT' }], state: 'live' };

describe('The phone, texted a keyword that starts nothing', () => {
  it.each(['draft', 'paused', 'stopped'] as const)('says which flow has it but is %s, not live', (state) => {
    const notice = quietKeyword([flowOf({ state })], 'fruit please');
    expect(notice?.text).toBe('Fruit has the keyword FRUIT, but is not live.');
    expect(notice?.flow?.id).toBe('flw_00000000000000000000000000');
  });

  it('says that a live flow has it in its draft alone', () => {
    expect(quietKeyword([flowOf({ state: 'live' })], 'fruit')?.text).toBe(
      'Fruit has the keyword FRUIT in its draft, but that is not published.',
    );
  });

  it('says nothing where a live flow has it, or none does', () => {
    expect(quietKeyword([flowOf({}), flowOf({ ...live, name: 'Other' })], 'fruit')).toBeNull();
    expect(quietKeyword([flowOf({})], 'I like fruit')).toBeNull();
    expect(quietKeyword([flowOf({ draft_triggers: [{ kind: 'api', value: 'fruit' }] })], 'fruit')).toBeNull();
  });

  it('compares it with the whole text where the flow does', () => {
    const flow = flowOf({ draft_triggers: [{ kind: 'keyword', value: 'FRUIT', match: 'whole_text' }] });
    expect(quietKeyword([flow], 'fruit please')).toBeNull();
    expect(quietKeyword([flow], 'Fruit!')).not.toBeNull();
  });
});
