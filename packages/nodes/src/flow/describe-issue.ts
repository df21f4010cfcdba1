import type { z } from 'zod';
import { formatCount, formatMessage } from '../text/format-message.ts';

type Form = { readonly one: string; readonly other: string };
type Bound = { readonly atLeast: Form; readonly atMost: Form; readonly exactly: Form };

const same = (text: string): Form => ({ one: text, other: text });

const numbers: Bound = {
  atLeast: same('At least {count}'),
  atMost: same('At most {count}'),
  exactly: same('Exactly {count}'),
};

/** How a bound reads, by what is bounded; numbers for everything else. */
const bounds: Readonly<Record<string, Bound>> = {
  string: {
    atLeast: { one: 'At least {count} character', other: 'At least {count} characters' },
    atMost: { one: 'At most {count} character', other: 'At most {count} characters' },
    exactly: { one: 'Exactly {count} character', other: 'Exactly {count} characters' },
  },
  array: {
    atLeast: { one: 'At least {count} entry', other: 'At least {count} entries' },
    atMost: { one: 'At most {count} entry', other: 'At most {count} entries' },
    exactly: { one: 'Exactly {count} entry', other: 'Exactly {count} entries' },
  },
};

const texts = {
  missing: 'This is missing',
  more: 'More than {limit}',
  less: 'Less than {limit}',
  multiple: 'A multiple of {divisor}',
  choice: 'One of {choices}',
  value: 'Exactly {choices}',
  unknown: '{keys} is not known here',
  email: 'Not an email address',
  url: 'Not a web address',
  datetime: 'Not a date and time',
  format: 'Not written as it has to be',
  other: 'This does not fit',
} as const;

/** What is needed, by the type that a schema expects. */
const needed: Readonly<Record<string, string>> = {
  string: 'A text is needed',
  number: 'A number is needed',
  int: 'A whole number is needed',
  boolean: 'Yes or no is needed',
  array: 'A list is needed',
};

const formats: Readonly<Record<string, string>> = { email: texts.email, url: texts.url, datetime: texts.datetime };

/**
 * What zod objects to, as a sentence for people. To be handed to a parse as its `error`; messages that a schema gives itself go
 * before these.
 */
export function describeIssue(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? texts.missing : (needed[issue.expected] ?? texts.other);
    case 'too_small':
      if (issue.inclusive === false) return formatMessage(texts.more, { limit: Number(issue.minimum) });
      return bound(issue.origin, issue.exact === true ? 'exactly' : 'atLeast', Number(issue.minimum));
    case 'too_big':
      if (issue.inclusive === false) return formatMessage(texts.less, { limit: Number(issue.maximum) });
      return bound(issue.origin, issue.exact === true ? 'exactly' : 'atMost', Number(issue.maximum));
    case 'not_multiple_of':
      return formatMessage(texts.multiple, { divisor: Number(issue.divisor) });
    case 'invalid_value': {
      if (issue.input === undefined) return texts.missing;
      const text = issue.values.length === 1 ? texts.value : texts.choice;
      return formatMessage(text, { choices: issue.values.map(String).join(', ') });
    }
    case 'unrecognized_keys':
      return formatMessage(texts.unknown, { keys: issue.keys.join(', ') });
    case 'invalid_format':
      return formats[issue.format] ?? texts.format;
    default:
      return texts.other;
  }
}

function bound(origin: string, side: keyof Bound, limit: number): string {
  return formatCount(limit, (bounds[origin] ?? numbers)[side]);
}
