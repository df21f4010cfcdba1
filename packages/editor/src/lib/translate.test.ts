import { consentMethods, suppressionReasons } from '@signalbox/nodes/define/consent-codes';
import { describe, expect, it } from 'vitest';
import { en } from './messages/en.ts';
import { type MessageKey, t, tOpen } from './translate.ts';

describe('texts', () => {
  it('chooses the form for the number and writes numbers out', () => {
    expect(t('canvas.card.problems', { n: 1 })).toBe('1 problem');
    expect(t('canvas.card.problems', { n: 0 })).toBe('0 problems');
    expect(t('publish.finish_on', { n: 1200, version: '3' })).toBe('1,200 people will finish on version 3.');
  });

  it('keeps the same places in every plural form, apart from the number', () => {
    const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
    for (const [key, message] of Object.entries(en)) {
      if (typeof message === 'string') continue;
      const without = (text: string) => places(text).filter((name) => name !== 'n');
      expect(without(message.one), key).toEqual(without(message.other));
    }
  });

  it('are those of every file of the catalogue, each key in one of them', () => {
    const files: Readonly<Record<string, Readonly<Record<string, object>>>> = import.meta.glob('./messages/en/*.ts', {
      eager: true,
    });
    const keys = Object.values(files).flatMap((file) => Object.values(file).flatMap((texts) => Object.keys(texts)));
    expect(keys.sort()).toEqual(Object.keys(en).sort());
  });

  it('has words for every code that the engine stores', () => {
    const keys = [
      ...consentMethods.map((method) => `method.${method}`),
      ...suppressionReasons.map((reason) => `suppression.${reason}`),
    ];
    expect(keys.filter((key) => tOpen(key, '') === '')).toEqual([]);
    expect(keys.filter((key) => tOpen(key, '').includes('_'))).toEqual([]);
  });

  it('has no exclamation marks', () => {
    const isKey = (key: string): key is MessageKey => Object.hasOwn(en, key);
    const loud = Object.keys(en).filter((key) => isKey(key) && t(key, { n: 2 }).includes('!'));
    expect(loud).toEqual([]);
  });
});
