import { expect, test } from 'vitest';
import { snippetOf } from './snippet.ts';

test('a title cannot leave its attribute', () => {
  const snippet = snippetOf({ url: 'https://x.example/join/abc', title: '"><script>&' });
  expect(snippet).toContain('title="&quot;&gt;&lt;script&gt;&amp;"');
  expect(snippet).toContain('src="https://x.example/join/abc?frame=1"');
});
