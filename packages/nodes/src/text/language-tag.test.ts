import { expect, test } from 'vitest';
import { canonicalLanguage } from './language-tag.ts';

test.each([
  ['en', 'en'],
  ['PT-br', 'pt-BR'],
  ['zh-hant-tw', 'zh-Hant-TW'],
])('%s is the language %s', (given, tag) => expect(canonicalLanguage(given)).toBe(tag));

test.each(['', 'e', 'english please', 'en_US', 'de-', '123'])('“%s” is no language', (given) =>
  expect(canonicalLanguage(given)).toBeNull(),
);
