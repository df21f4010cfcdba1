import { expect, test } from 'vitest';
import { linkHosts } from './links.ts';

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
