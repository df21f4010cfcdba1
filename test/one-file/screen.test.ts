import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkBoundaries } from '../../scripts/boundaries.ts';
import { copyLibrary, type LibraryCopy } from './library-copy.ts';

let copy: LibraryCopy;
beforeAll(() => {
  copy = copyLibrary();
});
afterAll(() => copy.remove());

const planted = `import { Tag } from 'lucide-react';
import { t } from '../lib/translate.ts';
import type { Screen } from '../lib/screen.ts';

export function PlantedTags() {
  return <main>{t('planted.none')}</main>;
}

export const screen: Screen = {
  id: 'planted',
  path: '/contacts/planted',
  label: 'Planted tags',
  icon: Tag,
  place: { under: 'contacts' },
  words: 'labels',
  topics: { planted: () => [['planted']] },
  load: async () => PlantedTags,
};
`;
/** Its words: an entry of the catalogue of texts. */
const words = `
  'planted.none': 'No planted tags yet',`;

test('a screen is one file and its words in the catalogue: it has a place, is found there and by the palette, and hears of its topic', async () => {
  mkdirSync(join(copy.folder, 'packages/editor/src/planted'));
  writeFileSync(join(copy.folder, 'packages/editor/src/planted/planted.screen.tsx'), planted);
  copy.insert('editor/src/lib/messages/en/app.ts', 'export const app = {', words);
  expect(copy.changed().sort()).toEqual(['editor/src/lib/messages/en/app.ts', 'editor/src/planted/planted.screen.tsx']);
  expect(checkBoundaries(copy.folder)).toEqual([]);
  const seen = await copy.rendered(`
    import { renderToStaticMarkup } from 'react-dom/server';
    import { railScreenOf, screenCommands, screenProblems, screens, screensUnder, staleAfter } from './app/screens.ts';
    const gone = [];
    const command = screenCommands(screens, (path) => gone.push(path)).find(({ label }) => label === 'Planted tags');
    command?.run();
    const Shown = await screens.find((screen) => screen.id === 'planted')?.load();
    console.log(JSON.stringify({
      problems: screenProblems(screens),
      under: screensUnder('contacts').some((screen) => screen.path === '/contacts/planted'),
      within: railScreenOf('/contacts/planted')?.id,
      found: [command?.words, gone],
      stale: staleAfter('planted', []),
      shown: renderToStaticMarkup(<Shown />),
    }));
  `);
  expect(seen).toEqual({
    problems: [],
    under: true,
    within: 'contacts',
    found: ['labels', ['/contacts/planted']],
    stale: [['planted']],
    shown: '<main>No planted tags yet</main>',
  });
}, 60_000);
