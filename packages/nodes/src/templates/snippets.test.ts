import { expect, it } from 'vitest';
import { snippetsIn, snippetText, withoutSnippets, withSnippets } from './snippets.ts';
import { templateProblems } from './template-problems.ts';

it('finds the snippets of a text, each once, and writes them as they are read', () => {
  const found = snippetsIn(
    'A {{ snippet.one }} {{snippet.one}} {{- snippet.two_3.v12 -}} {{ snippet.One }} {{ snippet.one.v0 }}',
  );
  expect(found).toEqual([
    { key: 'one', version: null },
    { key: 'two_3', version: 12 },
  ]);
  expect(found.flatMap((ref) => snippetsIn(snippetText(ref)))).toEqual(found);
});

it('puts the texts of snippets in their places; the text itself has the first word on what is not known', () => {
  const say = (text: string) => ({ variable: 'contact.first_name', do: 'say', say: text }) as const;
  const whole = { text: '{{ snippet.hi }} {{ snippet.bye.v2 }}', missing: [say('you')] };
  const found = withSnippets(whole, ({ key, version }) => ({
    text: `[${key} ${version}]`,
    missing: [say('them'), { variable: 'contact.email', do: 'skip', say: '' }],
  }));
  expect(found).toEqual({
    text: '[hi null] [bye 2]',
    missing: [say('you'), { variable: 'contact.email', do: 'skip', say: '' }],
  });
  expect(() => withSnippets(whole, () => null)).toThrow('snippet');
});

it('leaves everything else in its place where snippets are looked past, and finds fault with those that filters follow', () => {
  const source = 'a {{ snippet.one }} b';
  expect(withoutSnippets(source)).toHaveLength(source.length);
  expect(templateProblems(source, [])).toEqual([]);
  expect(templateProblems('{{ snippet.one | upcase }}', []).map(({ code }) => code)).toEqual([
    'template_unknown_variable',
  ]);
});
