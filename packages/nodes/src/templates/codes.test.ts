import { describe, expect, test } from 'vitest';
import { codesIn, codeText, sampleCodes } from './codes.ts';
import { fillIn } from './fill-in.ts';
import { TemplateError } from './template-error.ts';
import { measureSample, sampleData } from './template-sample.ts';
import { isKnownVariable } from './templates.ts';

describe('Codes in texts', () => {
  test('are found by their pools, wherever they stand', () => {
    const text = `Yours: ${codeText('spring')}. {% if codes.vip %}{{ codes.vip | upcase }}{% endif %} codes.none`;
    expect(codesIn(text)).toEqual(['spring', 'vip']);
    expect(codesIn('Nothing here')).toEqual([]);
    expect(() => codesIn('{{ codes.spring')).toThrow(TemplateError);
    expect(['codes.spring', 'codes.a.b', 'codes'].map(isKnownVariable)).toEqual([true, false, false]);
  });

  test('are filled in, and a pool that is empty is a gap like any other', () => {
    const text = 'Hello. Your code is {{ codes.spring }}!';
    const codes = (code: string | null) => ({ ...sampleData, codes: { spring: code } });
    expect(fillIn({ text, missing: [] }, codes('AB-12'))).toMatchObject({
      text: 'Hello. Your code is AB-12!',
      gaps: [],
    });
    const policy = (what: 'skip' | 'leave_out') => [{ variable: 'codes.spring', do: what, say: '' }];
    expect(fillIn({ text, missing: policy('skip') }, codes(null))).toMatchObject({
      kind: 'skip',
      variable: 'codes.spring',
    });
    expect(fillIn({ text, missing: policy('leave_out') }, codes(null))).toMatchObject({ text: 'Hello.' });
    expect(fillIn({ text, missing: [] }, sampleData)).toMatchObject({ gaps: ['codes.spring'] });
  });

  test('are shown and measured with a sample', () => {
    expect(measureSample('Code {{ codes.spring }}').text).toBe(`Code ${sampleCodes('{{ codes.spring }}').spring}`);
  });
});
