import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@signalbox/engine/main/repository-root';
import { expect, test } from 'vitest';
import { literalMarkup, literalTexts } from './support/literal-texts.ts';

const files = globSync('packages/editor/src/**/*.{ts,tsx}', { cwd: repositoryRoot }).filter(
  (file) => !file.endsWith('.test.ts') && !file.endsWith('lib/translate.ts'),
);

test('no text of the editor’s own goes around the catalogue through the translation of data', () => {
  const found = files.flatMap((file) =>
    literalTexts(readFileSync(join(repositoryRoot, file), 'utf8')).map(
      ({ call, literal }) => `${file}: ${call} ${literal}`,
    ),
  );
  expect(found).toEqual([]);
  // The scan reads calls at all: the library's titles come this way.
  expect(
    files.filter((file) => readFileSync(join(repositoryRoot, file), 'utf8').includes('tr(node.title)')).length,
  ).toBeGreaterThan(3);
});

/** A place in a template, written so that it is none here. */
const place = (name: string) => `$\u007b${name}}`;

test.each([
  ['a literal', "<p>{tr('Planted words')}</p>", 'Planted words'],
  ['a literal in double quotes over lines', 'tr(\n  "Planted words",\n)', 'Planted words'],
  ['a fallback', "tr(label ?? 'Planted words')", 'Planted words'],
  ['one of two', "tr(many ? 'Planted words' : label)", 'Planted words'],
  ['a template', `tr(\`Planted ${place('name')} words\`)`, 'Planted  words'],
  ['a template around data alone', `tr(\`${place('name')}: ${place('label')}\`)`, undefined],
  ['the fallback of a made key', `tOpen(\`state.${place('state')}\`, 'Planted words')`, 'Planted words'],
  ['the made key itself', "tOpen('state.live', state)", undefined],
  ['a constant', "const words = 'Planted words';\nexport const shown = tr(words);", 'Planted words'],
  ['data', 'tr(outlets.find(({ id }) => id === line.outlet)?.label ?? line.outlet)', undefined],
  ['another function whose name ends alike', "str('Planted words'); a.tr('Planted words')", undefined],
])('%s', (_name, source, literal) => {
  expect(literalTexts(source).map((found) => found.literal)).toEqual(literal === undefined ? [] : [literal]);
});

test('no element shows or says words that stand in its own source', () => {
  const found = files
    .filter((file) => file.endsWith('.tsx'))
    .flatMap((file) =>
      literalMarkup(file, readFileSync(join(repositoryRoot, file), 'utf8')).map((text) => `${file}: ${text}`),
    );
  expect(found).toEqual([]);
});

test.each([
  ['words in an element', '<p>Planted words</p>', ['Planted words']],
  ['words beside others', "<p>{t('list.head.changed')} planted</p>", ['planted']],
  ['words in a fragment', '<>Planted words</>', ['Planted words']],
  ['words in braces', "<p>{'Planted words'}</p>", ['Planted words']],
  ['one of two', "<p>{many ? 'Planted words' : label}</p>", ['Planted words']],
  ['a fallback', "<p>{label ?? 'Planted words'}</p>", ['Planted words']],
  ['a template', `<p>{\`Planted ${place('name')} words\`}</p>`, ['Planted  words']],
  ['a name that is read out', '<button aria-label="Planted words" />', ['Planted words']],
  ['a name in braces', "<Field label={'Planted words'} />", ['Planted words']],
  ['a text of the catalogue', "<p title={t('list.head.changed')}>{t('list.head.changed')}</p>", []],
  ['data', '<p dir="auto">{contact.name}</p>', []],
  ['a template around data alone', `<p>{\`${place('name')}: ${place('label')}\`}</p>`, []],
  ['what is typed into a computer', '<p><code>npx pnpm start</code></p>', []],
  ['an attribute that nobody reads', '<p className="planted words" id="planted" />', []],
])('in elements: %s', (_name, source, texts) => {
  expect(literalMarkup('planted.tsx', `export const planted = ${source};`)).toEqual(texts);
});
