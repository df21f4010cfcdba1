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
import type { Screen } from '../lib/screen.ts';

function Tags() {
  return <main>Planted tags</main>;
}

export const screen: Screen = {
  id: 'tags',
  path: '/tags',
  label: 'Tags',
  icon: Tag,
  place: { under: 'contacts' },
  words: 'labels',
  topics: { tags: () => [['tags']] },
  load: async () => Tags,
};
`;

test('a screen is one file: it has an address, a place, and hears of its topic', async () => {
  mkdirSync(join(copy.folder, 'packages/editor/src/tags'));
  writeFileSync(join(copy.folder, 'packages/editor/src/tags/tags.screen.tsx'), planted);
  expect(copy.changed()).toEqual(['editor/src/tags/tags.screen.tsx']);
  expect(checkBoundaries(copy.folder)).toEqual([]);
  const seen = await copy.rendered(`
    import { screenProblems, screens, screensUnder, staleAfter } from './app/screens.ts';
    const load = screens.find((screen) => screen.id === 'tags')?.load;
    const shown = load === undefined ? null : (await load()).name;
    console.log(JSON.stringify({
      problems: screenProblems(screens),
      under: screensUnder('contacts').map((screen) => screen.path),
      stale: staleAfter('tags', []),
      shown,
    }));
  `);
  expect(seen).toEqual({ problems: [], under: ['/tags'], stale: [['tags']], shown: 'Tags' });
}, 60_000);
