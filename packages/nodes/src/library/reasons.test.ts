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
      'Took “Said yes”: reply means yes (“Sure”)',
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
    ).toBe('No branch fit: engagement score ≥ 10 (no value)');
    expect(describeReason({ code: 'no_branch_matched', values: { branches: 3 } })).toBe(
      'No branch fit: 3 branches were tried',
    );
    expect(
      describeReason({ code: 'branch_matched', values: { branch: 'A', because: 'all_true', conditions: 2 } }),
    ).toBe('Took “A”: all 2 conditions are true');
    expect(describeReason({ code: 'keyword_matched', values: { keyword: null } })).toBe('Entered without a keyword');
    expect(describeReason({ code: 'constructor' })).toBeNull();
    expect(describeReason({ code: 'paid' })).toBeNull();
  });

  it('name what the conditions of a group compared, where several branches were tried', () => {
    const group = (n: number) => ({
      [`branch_${n}`]: `B${n}`,
      [`because_${n}`]: 'none_true',
      [`conditions_${n}`]: 2,
      [`c1_field_${n}`]: 'reply.text',
      [`c1_op_${n}`]: 'is',
      [`c1_expected_${n}`]: 'apples',
      [`c1_actual_${n}`]: 'plums',
      [`c2_field_${n}`]: 'reply.text',
      [`c2_op_${n}`]: 'is',
      [`c2_expected_${n}`]: 'pears',
    });
    const none = 'none of these is true: reply is “apples”, reply is “pears” (“plums”)';
    expect(describeReason({ code: 'no_branch_matched', values: { branches: 2, ...group(1), ...group(2) } })).toBe(
      `No branch fit: “B1”, ${none}; “B2”, ${none}`,
    );
  });

  it('name the branches that were tried, and the values at that time', () => {
    const tried = {
      branch_1: 'Said yes',
      because_1: 'comparison_false',
      field_1: 'reply.text',
      op_1: 'means_yes',
      actual_1: 'maybe',
      branch_2: 'Fan',
      because_2: 'comparison_false',
      field_2: 'contact.engagement_score',
      op_2: '>=',
      expected_2: 10,
      actual_2: null,
    };
    expect(describeReason({ code: 'no_branch_matched', values: { branches: 2, ...tried } })).toBe(
      'No branch fit: “Said yes”, reply means yes (“maybe”); “Fan”, engagement score ≥ 10 (no value)',
    );
    expect(describeReason({ code: 'no_branch_matched', values: { branches: 9, tried: 9, ...tried } })).toMatch(
      /; and 7 more$/,
    );
    const took = {
      branch: 'Near',
      because: 'comparison_true',
      field: 'contact.attributes.city',
      op: 'is',
      expected: 'Oslo',
      actual: 'Oslo',
    };
    expect(describeReason({ code: 'branch_matched', values: { ...took, ...tried } })).toBe(
      'Took “Near”: city is “Oslo” (“Oslo”). Tried before that: “Said yes”, reply means yes (“maybe”); “Fan”, engagement score ≥ 10 (no value)',
    );
  });
});
