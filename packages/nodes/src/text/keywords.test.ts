import { describe, expect, it } from 'vitest';
import {
  isKeyword,
  type KeywordMatch,
  keywordsIn,
  matchKeyword,
  meantKeyword,
  normaliseKeyword,
  tokenise,
} from './keywords.ts';

const cases: ReadonlyArray<readonly [string, string, KeywordMatch, boolean]> = [
  [' join ', 'join', 'whole_text', true],
  ['JOIN', 'join', 'whole_text', true],
  ['Join!', 'JOIN', 'whole_text', true],
  ['“join”', 'join', 'whole_text', true],
  ["'join'", 'join', 'whole_text', true],
  ['join this', 'join', 'first_word', true],
  ['join this', 'join', 'whole_text', false],
  ['join.this', 'join', 'first_word', true],
  ['to join', 'join', 'first_word', false],
  ['joining', 'join', 'first_word', false],
  ["don't", "don't", 'whole_text', true],
  ['don’t', "don't", 'whole_text', true],
  ['my_word', 'my_word', 'whole_text', true],
  ['👍🏾', '👍', 'whole_text', true],
  ['👍', '👍🏾', 'whole_text', true],
  ['😀👍', '👍', 'first_word', false],
  ['👍 yes', '👍', 'first_word', true],
  ['❤️', '❤', 'whole_text', true],
  ['👨‍👩‍👧', '👨', 'first_word', false],
  ['👨‍👩‍👧', '👨‍👩‍👧', 'whole_text', true],
  ['🇫🇷', '🇫🇷', 'whole_text', true],
  ['🇫🇷', '🇩🇪', 'whole_text', false],
  ['1️⃣', '1', 'whole_text', true],
  ['ＪＯＩＮ', 'join', 'whole_text', true],
  ['jo\u200bin', 'join', 'whole_text', true],
  ['jo\u{e0041}in\u{e0020}', 'join', 'whole_text', true],
  ['STRASSE', 'straße', 'whole_text', true],
  ['İSTANBUL', 'istanbul', 'whole_text', true],
  ['ΟΔΟΣ', 'οδος', 'whole_text', true],
  ['هدية', 'هدية', 'whole_text', true],
  ['What are your opening-hours?', 'Opening hours', 'phrase', true],
  ['your opening, and the hours', 'opening hours', 'phrase', false],
  ['to join', 'join', 'phrase', true],
  ['joining', 'join', 'phrase', false],
  ['', 'join', 'first_word', false],
  ['?!', 'join', 'first_word', false],
];

describe('keywords', () => {
  it('a dotless i is an i, as the editor shows both: KAYIT', () => {
    for (const text of ['KAYIT', 'kayıt', 'kayit', 'KAYİT now'])
      expect(matchKeyword(text, 'kayıt', 'first_word')).toBe(true);
    expect(normaliseKeyword('kayıt')).toBe(normaliseKeyword('kayit'));
    expect(matchKeyword('JOIN\ufffc', 'join', 'whole_text')).toBe(true);
  });

  for (const [text, keyword, match, expected] of cases) {
    it(`${JSON.stringify(text)} ${expected ? 'is' : 'is not'} ${keyword} as ${match}`, () => {
      expect(matchKeyword(text, keyword, match)).toBe(expected);
    });
  }

  it('splits at punctuation and symbols', () => {
    expect(tokenise("A.b, c's $5 d😀e_f")).toEqual(['a', 'b', "c's", '$', '5', 'd', '😀', 'e_f']);
  });

  it('knows what can be a keyword', () => {
    expect(['JOIN', '👍', 'été', '#win', 'a'.repeat(40)].map((word) => isKeyword(word))).toEqual([
      true,
      true,
      true,
      true,
      true,
    ]);
    expect(['', ' ', '!', 'two words', 'opt-in', '👍👍', 'a'.repeat(41)].map((word) => isKeyword(word))).toEqual(
      Array(7).fill(false),
    );
  });

  it('a phrase has up to five words', () => {
    expect(isKeyword('one two three four five', 'phrase')).toBe(true);
    expect(isKeyword('one two three four five six', 'phrase')).toBe(false);
    expect(isKeyword('two words', 'whole_text')).toBe(false);
  });

  it('finds every keyword that a text can call for, each once, however long the text is', () => {
    expect(keywordsIn('to be, to')).toEqual(['to', 'to be', 'to be to', 'be', 'be to']);
    expect(keywordsIn(Array.from({ length: 1_000 }, (_none, at) => `w${at}`).join(' '))).toHaveLength(490);
    expect(keywordsIn('!?')).toEqual([]);
  });

  for (const [text, expected] of [
    ['jion', 'join'],
    ['Joi', 'join'],
    ['joinn please', 'join'],
    ['jooinn', null],
    ['join', null],
    ['opning houres', 'opening hours'],
    ['openign', null],
    ['hou', null],
    ['', null],
  ] as const) {
    it(`${JSON.stringify(text)} probably meant ${expected ?? 'nothing'}`, () => {
      expect(meantKeyword(text, ['hi', 'join', 'opening hours', 'joint'])).toBe(expected);
    });
  }

  it('normalises once and for all', () => {
    for (const keyword of ['JOIN!', '👍🏾', ' Été ', 'two words', '#']) {
      expect(normaliseKeyword(normaliseKeyword(keyword))).toBe(normaliseKeyword(keyword));
    }
  });
});
