import { expect, test } from 'vitest';
import { isLinkCode, linkHosts, reckonedShortLink, replaceLinks, writtenLinks } from './links.ts';

test.each([
  ['See https://example.com/a?b=c.', ['example.com']],
  ['example.com/x and WWW.Shop.Example', ['example.com', 'www.shop.example']],
  ['(bit.ly/2x)', ['bit.ly']],
  ['https://user:pass@evil.example/', ['evil.example']],
  ['https://good.example@evil.example/', ['evil.example']],
  ['http://example.com:8080/', ['example.com']],
  ['Mail me@example.com', []],
  ['At 10.30 for 4.99, e.g. now', []],
  ['https://bücher.example/', ['xn--bcher-kva.example']],
  ['No link here.Thanks', ['here.thanks']],
])('%s', (text, hosts) => expect(linkHosts(text)).toEqual(hosts));

test.each([
  ['See https://example.com/a?b=c.', ['https://example.com/a?b=c']],
  ['Two: www.shop.example, shop.example/b!', ['https://www.shop.example/', 'https://shop.example/b']],
  ['(http://example.com/a_(b)) and [https://example.com/c]', ['http://example.com/a_(b)', 'https://example.com/c']],
  ['“https://example.com/”', ['https://example.com/']],
  ['https://example.com?q=1#part', ['https://example.com/?q=1#part']],
  ['http://example.com:8080/a,b', ['http://example.com:8080/a,b']],
  ['https://bücher.example/ü', ['https://xn--bcher-kva.example/%C3%BC']],
  ['https://a.example/https://b.example/', ['https://a.example/https://b.example/']],
  ['No link here.Thanks, ask Mr.Smith/Jones or me@example.com/x', []],
  ['At 10.30 for 4.99, shop.example', []],
  ['javascript:alert(1) and ftp://example.com/a', []],
])('links written in %s', (text, targets) => expect(writtenLinks(text).map(({ target }) => target)).toEqual(targets));

test('links are replaced where they stand, and nothing else is', () => {
  const text = 'Sale (https://example.com/a?b=c), or www.example.com: hurry!';
  expect(replaceLinks(text, () => 'X')).toBe('Sale (X), or X: hurry!');
  expect(replaceLinks('None.', () => 'X')).toBe('None.');
});

test('a code is nine letters and digits, and a short link holds one', () => {
  expect(isLinkCode(reckonedShortLink.split('/').at(-1) ?? '')).toBe(true);
  expect(['aB3dE6gH9', 'aB3dE6gH', 'aB3dE6gH9x', 'aB3dE6gH-'].map(isLinkCode)).toEqual([true, false, false, false]);
});
