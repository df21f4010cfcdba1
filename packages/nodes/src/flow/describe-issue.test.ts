import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalogue } from '../library/catalogue.gen.ts';
import { describeIssue } from './describe-issue.ts';

const cases: ReadonlyArray<readonly [z.ZodType, unknown, string]> = [
  [z.string(), undefined, 'This is missing'],
  [z.string(), 5, 'A text is needed'],
  [z.int(), 1.5, 'A whole number is needed'],
  [z.array(z.string()), 'a', 'A list is needed'],
  [z.boolean(), 'yes', 'Yes or no is needed'],
  [z.object({}), 'a', 'This does not fit'],
  [z.number().min(1), 0, 'At least 1'],
  [z.number().positive(), 0, 'More than 0'],
  [z.number().max(1_000), 2_000, 'At most 1,000'],
  [z.number().lt(10), 10, 'Less than 10'],
  [z.string().max(1_600), 'x'.repeat(1_601), 'At most 1,600 characters'],
  [z.string().min(1), '', 'At least 1 character'],
  [z.string().length(2), 'abc', 'Exactly 2 characters'],
  [z.array(z.string()).min(1), [], 'At least 1 entry'],
  [z.array(z.string()).max(2), ['a', 'b', 'c'], 'At most 2 entries'],
  [z.number().multipleOf(5), 3, 'A multiple of 5'],
  [z.enum(['minutes', 'hours']), 'weeks', 'One of minutes, hours'],
  [z.enum(['minutes', 'hours']), undefined, 'This is missing'],
  [z.literal('a'), 'b', 'Exactly a'],
  [z.strictObject({}), { extra: 1 }, 'extra is not known here'],
  [z.email(), 'nobody', 'Not an email address'],
  [z.url(), 'nowhere', 'Not a web address'],
  [z.iso.datetime(), 'soon', 'Not a date and time'],
  [z.string().regex(/^a$/), 'b', 'Not written as it has to be'],
  [z.union([z.string(), z.number()]), true, 'This does not fit'],
];

describe('what does not fit a schema', () => {
  it.each(cases)('is said in a sentence: %#', (schema, value, sentence) => {
    const parsed = schema.safeParse(value, { error: describeIssue });
    expect(parsed.error?.issues.map(({ message }) => message)).toEqual([sentence]);
  });

  it('leaves what a schema says itself', () => {
    const schema = z.string().regex(/^a$/, { error: 'Only the letter a' });
    expect(schema.safeParse('b', { error: describeIssue }).error?.issues[0]?.message).toBe('Only the letter a');
  });

  it('never comes in the words of zod, for any node and any kind of value', () => {
    const wrong = [undefined, null, 7, -1, '', 'x'.repeat(5_000), [], {}, true];
    for (const node of catalogue) {
      const fields = node.config instanceof z.ZodObject ? Object.keys(node.config.shape) : [];
      for (const field of fields) {
        for (const value of wrong) {
          const { error } = node.config.safeParse({ [field]: value }, { error: describeIssue });
          for (const { message } of error?.issues ?? [])
            expect(message).not.toMatch(/expected|received|Invalid|Too (?:small|big)|Unrecognized/);
        }
      }
    }
  });
});
