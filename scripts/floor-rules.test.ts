import { expect, test } from 'vitest';
import { type Floors, floorViolations } from './floor-rules.ts';
import { scanImports } from './scan-imports.ts';
import type { SourceModule } from './source-modules.ts';

const root = 'packages/house/src';
const house: Floors = {
  floors: [
    { rooms: ['cellar'] },
    { rooms: ['kitchen', 'pantry', 'study'], within: [['kitchen', 'pantry']] },
    { rooms: ['attic'] },
    { rooms: ['main.ts'] },
  ],
};

/** What the floors say about files with these sources; the paths start under the root. */
function violationsOf(files: Readonly<Record<string, string>>, floors: Floors = house): string[] {
  const modules = Object.entries(files).map(
    ([path, source]): SourceModule => ({ path: `${root}/${path}`, imports: scanImports(source) }),
  );
  return floorViolations(modules, root, floors).map(
    ({ path, message }) => `${path.replace(`${root}/`, '')}: ${message}`,
  );
}

const well = {
  'main.ts': "import './attic/roof.ts';",
  'attic/roof.ts': "import '../kitchen/stove.ts'; import '../cellar/coal.ts';",
  'kitchen/stove.ts': "import '../pantry/salt.ts'; import './pan.ts'; import 'react';",
  'pantry/salt.ts': "import type { Coal } from '../cellar/coal.ts';",
};

test('a house whose imports run down is in order', () => {
  expect(violationsOf(well)).toEqual([]);
});

test.each([
  [
    'a type is imported from the floor above',
    { 'cellar/coal.ts': "import type { Roof } from '../attic/roof.ts';" },
    'cellar/coal.ts: cellar must not import attic, which lies above it',
  ],
  [
    'a room imports its neighbour unasked',
    { 'study/desk.ts': "import '../pantry/salt.ts';" },
    'study/desk.ts: study must not import pantry, which lies beside it',
  ],
  [
    'two neighbours import each other',
    { 'pantry/salt.ts': "import type { Stove } from '../kitchen/stove.ts';" },
    'pantry/salt.ts: pantry must not import kitchen, which lies beside it',
  ],
  [
    'a room stands on no floor',
    { 'shed/rake.ts': "import '../cellar/coal.ts';" },
    'shed/rake.ts: shed stands on no floor of packages/house/src',
  ],
  [
    'a root file has no floor',
    { 'attic/roof.ts': "import '../other.ts';" },
    'attic/roof.ts: other.ts stands on no floor of packages/house/src',
  ],
])('is red where %s', (_name, planted, message) => {
  expect(violationsOf({ ...well, ...planted })).toContain(message);
});

test('rooms in a circle are named, also where types alone close it', () => {
  const both: Floors = {
    floors: [
      {
        rooms: ['one', 'two', 'three'],
        within: [
          ['one', 'two'],
          ['two', 'three'],
          ['three', 'one'],
        ],
      },
    ],
  };
  const files = {
    'one/a.ts': "import '../two/b.ts';",
    'two/b.ts': "import '../three/c.ts';",
    'three/c.ts': "import type { A } from '../one/a.ts';",
  };
  expect(violationsOf(files, both)).toEqual(['packages/house/src: rooms in a circle: one → two → three → one']);
});

test('an exception names its file, and goes when nothing needs it', () => {
  const up = [{ path: 'cellar/coal.ts', to: 'attic', why: 'the chimney' }];
  const files = { ...well, 'cellar/coal.ts': "import '../attic/roof.ts';" };
  expect(violationsOf(files, { ...house, up })).toEqual([]);
  expect(violationsOf(well, { ...house, up })).toEqual([
    'scripts/boundary-rules.ts: cellar/coal.ts does not import attic any more: no exception',
  ]);
});

test('a room that no floor names stands where such rooms stand', () => {
  const open: Floors = {
    floors: [
      { rooms: ['cellar'] },
      { rooms: ['kitchen', 'pantry'], within: [['kitchen', 'pantry']], others: true },
      { rooms: ['attic'] },
      { rooms: ['main.ts'] },
    ],
  };
  expect(violationsOf({ ...well, 'shed/rake.ts': "import '../cellar/coal.ts';" }, open)).toEqual([]);
  expect(violationsOf({ ...well, 'shed/rake.ts': "import '../pantry/salt.ts';" }, open)).toEqual([
    'shed/rake.ts: shed must not import pantry, which lies beside it',
  ]);
});

test('more than three exceptions are no direction', () => {
  const names = ['a', 'b', 'c', 'd'];
  const up = names.map((name) => ({ path: `cellar/${name}.ts`, to: 'attic', why: 'the chimney' }));
  const files = Object.fromEntries(names.map((name) => [`cellar/${name}.ts`, "import '../attic/roof.ts';"]));
  expect(violationsOf(files, { ...house, up })).toEqual([
    'scripts/boundary-rules.ts: 4 imports of packages/house/src run up; at most 3 may',
  ]);
});

test('tests may look wherever they like', () => {
  expect(violationsOf({ ...well, 'cellar/coal.test.ts': "import '../attic/roof.ts';" })).toEqual([]);
});
