import { describe, expect, it } from 'vitest';
import { describeReason } from './reasons.ts';

describe('reasons', () => {
  it('say what was compared', () => {
    const compared = {
      field: 'reply.text',
      op: 'means_yes',
      actual: 'Sure',
      because: 'comparison_true',
      branch: 'Said yes',
    };
    expect(describeReason({ code: 'branch_matched', values: compared })).toBe(
      'Took “Said yes”: reply means yes (it was “Sure”)',
    );
    expect(
      describeReason({
        code: 'no_branch_matched',
        values: {
          branches: 1,
          field: 'contact.engagement_score',
          op: '>=',
          expected: 10,
          actual: null,
          because: 'comparison_false',
        },
      }),
    ).toBe('No branch fitted: engagement score ≥ 10 (it was nothing)');
    expect(describeReason({ code: 'no_branch_matched', values: { branches: 3 } })).toBe(
      'No branch fitted: 3 branches were tried',
    );
    expect(
      describeReason({ code: 'branch_matched', values: { branch: 'A', because: 'all_true', conditions: 2 } }),
    ).toBe('Took “A”: all 2 conditions hold');
    expect(describeReason({ code: 'keyword_matched', values: { keyword: null } })).toBe('Entered without a keyword');
    expect(describeReason({ code: 'constructor' })).toBeNull();
  });
});
