import { describe, expect, test } from 'vitest';
import { linkLook, markLinks, withUtm } from './utm.ts';

const utm = { source: 'shop', medium: 'sms', campaign: 'Spring sale & more', content: '' };
const all = 'utm_source=shop&utm_medium=sms&utm_campaign=Spring%20sale%20%26%20more';

describe('Links say where somebody came from', () => {
  test.each([
    ['https://example.com/', `https://example.com/?${all}`],
    ['https://example.com/sale?size=m', `https://example.com/sale?size=m&${all}`],
    ['https://example.com/sale?', `https://example.com/sale?${all}`],
    ['https://example.com/sale?a=b&', `https://example.com/sale?a=b&${all}`],
    ['https://example.com/sale#top', `https://example.com/sale?${all}#top`],
    ['https://example.com/#/route?x=1', `https://example.com/?${all}#/route?x=1`],
    ['https://example.com/?q=a%20b+c', `https://example.com/?q=a%20b+c&${all}`],
  ])('%s', (target, marked) => expect(withUtm(target, utm)).toBe(marked));

  test('what a link says of it already stays', () => {
    expect(withUtm('https://example.com/?UTM_Source=mail&utm_medium=', utm)).toBe(
      'https://example.com/?UTM_Source=mail&utm_medium=&utm_campaign=Spring%20sale%20%26%20more',
    );
    expect(withUtm(`https://example.com/?${all}`, utm)).toBe(`https://example.com/?${all}`);
  });

  test('nothing is added where nothing is to be said', () => {
    const nothing = { source: '', medium: '', campaign: '', content: '' };
    expect(withUtm('https://example.com/sale?', nothing)).toBe('https://example.com/sale?');
  });

  test('in a text every link does, with the marks of the sentence where they were', () => {
    const text = 'See example.com/sale (or https://example.com/new).';
    expect(markLinks(text, { ...utm, medium: '', campaign: '' })).toBe(
      'See https://example.com/sale?utm_source=shop (or https://example.com/new?utm_source=shop).',
    );
  });

  test('and a short link hides it', () => {
    expect(linkLook('https://go.example.com/1', utm)?.('https://example.com/')).toBe('https://go.example.com/1');
    expect(linkLook(null, null)).toBeNull();
  });
});
