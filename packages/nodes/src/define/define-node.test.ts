import { expect, test } from 'vitest';
import { z } from 'zod';
import { end, fail, next } from './decision.ts';
import { defineNode } from './define-node.ts';
import { describeReasonOf } from './reasons.ts';

const face = {
  version: 1,
  title: 'Planted',
  group: 'logic',
  icon: 'circle',
  docs: 'A node that is planted to be refused.',
  effect: 'none',
  config: z.object({ go: z.boolean().default(true) }),
  summary: () => 'Planted',
} as const;

test('a code that a node gives without a text for it does not compile', () => {
  const planted = [
    defineNode({
      ...face,
      type: 'reason',
      outlets: () => [{ id: 'next', label: 'Next' }],
      reasons: { went_on: 'Went on' },
      // @ts-expect-error the reason has no text
      run: ({ config: { go } }) => (go ? next('next', { code: 'went_off' }) : next('next', { code: 'went_on' })),
    }),
    defineNode({
      ...face,
      type: 'end',
      outlets: () => [],
      // @ts-expect-error the reason has no text
      run: () => end({ code: 'gone_home' }),
    }),
    defineNode({
      ...face,
      type: 'failure',
      outlets: () => [],
      reasons: { fell: 'Fell' },
      // @ts-expect-error the reason of the second failure has no text
      run: async ({ config: { go } }) => (go ? fail({ code: 'fell' }) : fail({ code: 'stumbled' })),
    }),
    defineNode({
      ...face,
      type: 'problem',
      outlets: () => [],
      problems: { too_loud: { severity: 'error', title: 'Too loud', fix: 'Lower your voice.' } },
      // @ts-expect-error the problem has no text
      check: () => [{ code: 'too_shrill', path: [] }],
      run: () => fail({ code: 'template_failed' }),
    }),
  ];
  expect(planted.map((node) => node.bind({}).config)).toEqual(planted.map(() => ({ go: true })));
});

test('a reason is told by the node that gives it, and general ones by every node', () => {
  const node = defineNode({
    ...face,
    type: 'paid',
    outlets: () => [{ id: 'next', label: 'Next' }],
    reasons: {
      paid: 'Paid {amount}',
      owes: ({ amount }) => (amount === 1 ? 'Owes the last one' : 'Owes some'),
    },
    run: ({ config: { go } }) =>
      go ? next('next', { code: 'paid', values: { amount: 3 } }) : fail({ code: 'template_failed' }),
  });
  expect(describeReasonOf({ code: 'paid', values: { amount: 3 } }, [node])).toBe('Paid 3');
  expect(describeReasonOf({ code: 'owes', values: { amount: 1 } }, [node])).toBe('Owes the last one');
  expect(describeReasonOf({ code: 'template_failed', values: { message: 'Line 1.' } }, [node])).toBe(
    'The message could not be filled in. Line 1.',
  );
  expect(describeReasonOf({ code: 'paid' }, [])).toBeNull();
});
