import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Workflow } from 'lucide-react';
import { expect, test } from 'vitest';
import { isOneOfMany, type Screen } from '../lib/screen.ts';
import { keyOf, railScreens, screenProblems, screens, staleAfter } from './screens.ts';

const planted: Screen = {
  id: 'planted',
  path: '/planted',
  label: 'Planted',
  icon: Workflow,
  place: { rail: 99 },
  topics: {},
};

test('the screens are registered in order: few in the rail, every other one click below it', () => {
  expect(screenProblems(screens)).toEqual([]);
  expect(railScreens.map((screen) => screen.label)).toEqual(['Flows', 'People', 'Conversations']);
});

const router = readFileSync(join(import.meta.dirname, 'router.tsx'), 'utf8');
const matches = (source: string, shape: RegExp): string[] => [...source.matchAll(shape)].map((match) => match[1] ?? '');

test('every screen has an address, and every address in the frame a screen', () => {
  const routes = matches(router, /\bpath: (\w+)\.path\b/g);
  expect(routes.sort()).toEqual(
    screens
      .filter(({ load }) => load === undefined)
      .map(({ id }) => id)
      .sort(),
  );
  const registrations = [...router.matchAll(/import \{ screen as (\w+) \} from '[^']*\/(\w+)\.screen\.tsx?'/g)];
  expect(registrations.map(([, name]) => name).sort()).toEqual(routes);
  for (const [, name, file] of registrations) expect(name).toBe(file);
});

/** The addresses that a source of routes writes down itself. */
const written = (source: string): string[] => matches(source, /['"`](\/[^'"`]*)['"`]/g);

test('the address of a screen is written where the screen is registered, and not with its route again', () => {
  expect(written(router)).toEqual(['/sign-in', '/']);
  expect(written("createRoute({ path: '/flows/$flowId' })")).toEqual(['/flows/$flowId']);
});

test('every screen that is no single thing has a shortcut or a place below one that has', () => {
  for (const screen of screens.filter((each) => !isOneOfMany(each)))
    expect('under' in screen.place || keyOf(screen) !== null, screen.id).toBe(true);
});

test.each([
  [
    'a ninth screen stands in the rail',
    Array.from({ length: 9 }, (_, n) => ({ ...planted, id: `p${n}`, place: { rail: n } })),
    '9 screens in the rail',
  ],
  [
    'a screen lies under one that is not in the rail',
    [planted, { ...planted, id: 'deep', place: { under: 'planted-too' } }],
    'more than two clicks away',
  ],
  ['a screen is registered twice', [planted, planted], 'planted is registered twice'],
  ['two screens want one place', [planted, { ...planted, id: 'other' }], 'one place in the rail'],
])('is told where %s', (_name, all, message) => {
  expect(screenProblems(all).join('\n')).toContain(message);
});

test('a change of a topic reads again what its screens show, and nothing else', () => {
  expect(staleAfter('flows', ['flw_1'])).toEqual(expect.arrayContaining([['flows'], ['flow', 'flw_1']]));
  expect(staleAfter('accounts', ['acc_1'])).toEqual([['accounts']]);
  expect(staleAfter('weather', ['x'])).toEqual([]);
});
