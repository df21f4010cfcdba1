import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@signalbox/engine/main/repository-root';
import { expect, test } from 'vitest';
import { literalTexts } from './support/literal-texts.ts';

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
