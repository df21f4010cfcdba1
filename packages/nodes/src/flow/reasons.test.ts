import { describe, expect, it } from 'vitest';
import { type NodeCase, runCase } from '../define/node-case.ts';
import { catalogue } from '../library/catalogue.gen.ts';
import { describeReason, reasonTable } from './reasons.ts';

/** Reasons that come from outside the library, such as the gate's. */
const foreign = ['suppressed'];

describe('reasons', () => {
  it('every reason given in a case is listed, every listed one is given, and all read without gaps', async () => {
    const given = new Set<string>();
    for (const node of catalogue) {
      const { cases }: { cases: readonly NodeCase[] } = await import(`../library/${node.group}/${node.type}.cases.ts`);
      for (const nodeCase of cases.filter(({ expect: expected }) => 'decision' in expected)) {
        const { decision } = await runCase(node, nodeCase);
        const reason = 'reason' in decision ? decision.reason : undefined;
        if (reason === undefined || foreign.includes(reason.code)) continue;
        given.add(reason.code);
        expect(describeReason(reason)).not.toMatch(/\{\w+\}|undefined|null/);
      }
    }
    expect([...given].sort()).toEqual(Object.keys(reasonTable).sort());
  });

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
    expect(describeReason({ code: 'constructor' })).toBeNull();
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
