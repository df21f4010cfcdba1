import { expect, test } from 'vitest';
import { isHostName } from './host-name.ts';

test.each([
  'go.example.com',
  'x.io',
  'a-b.example.co.uk',
  'xn--mnchen-3ya.example',
  'example.xn--p1ai',
  '1.example.com',
])('%s is the name of a host', (name) => expect(isHostName(name)).toBe(true));

test.each([
  '',
  'localhost',
  'https://go.example.com',
  'go.example.com/path',
  'go.example.com:443',
  'go.example.com.',
  '.example.com',
  'go..example.com',
  'Go.example.com',
  '-go.example.com',
  'go-.example.com',
  'user@example.com',
  'go.example.com?x',
  '203.0.113.7',
  '[::1]',
  'go.exämple.com',
  'go_it.example.com',
  `${'a'.repeat(64)}.example.com`,
  `${'a.'.repeat(126)}com`,
])('%s is not', (name) => expect(isHostName(name)).toBe(false));
