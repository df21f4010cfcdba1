import { expect, test } from 'vitest';
import { receivedMedia } from './received-media.ts';

test('files that nobody could fetch are left out, in whatever order they came', () => {
  const urls = ['', 'file:///etc/passwd', 'https://m.example.com/1', 'javascript:0', 'http://m.example.com/2'];
  expect(receivedMedia(urls.map((url) => ({ url })))).toEqual([
    { url: 'https://m.example.com/1', type: '' },
    { url: 'http://m.example.com/2', type: '' },
  ]);
  expect(receivedMedia([{ url: `https://m.example.com/${'x'.repeat(4_096)}` }])).toEqual([]);
});

test('there are twenty at most, and types of a sensible length', () => {
  const files = Array.from({ length: 30 }, (_, index) => ({
    url: `https://m.example.com/${index}`,
    type: 'x'.repeat(200),
  }));
  const taken = receivedMedia(files);
  expect(taken).toHaveLength(20);
  expect(taken[0]).toEqual({ url: 'https://m.example.com/0', type: 'x'.repeat(100) });
});
