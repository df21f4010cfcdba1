import { expect, it } from 'vitest';
import { templateContentSchema, textInLanguage } from './template-content.ts';

const content = (...languages: string[]) => ({
  default_language: 'en',
  texts: languages.map((language) => ({ language, text: `in ${language}`, missing: [] })),
});

it.each([
  ['pt-BR', 'pt-BR'],
  ['pt-PT', 'pt'],
  ['PT-br', 'pt-BR'],
  ['zh-Hant-TW', 'zh'],
  ['de', 'en'],
  ['not a tag', 'en'],
  ['', 'en'],
  [null, 'en'],
])('somebody who reads %s gets the text in %s', (language, got) => {
  expect(textInLanguage(content('en', 'pt', 'pt-BR', 'zh'), language).language).toBe(got);
});

it.each([
  [content(), 'texts'],
  [content('de'), 'default_language'],
  [content('en', 'en'), 'texts.1.language'],
  [content('en', 'EN-us'), 'texts.1.language'],
  [{ ...content('en'), more: 1 }, ''],
  [{ default_language: 'en', texts: [{ language: 'en', text: 'a\u0000' }] }, 'texts.0.text'],
])('refuses %o', (given, path) => {
  const read = templateContentSchema.safeParse(given);
  expect(read.error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
});
