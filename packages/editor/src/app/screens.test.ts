import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Workflow } from 'lucide-react';
import { expect, test } from 'vitest';
import { isOneOfMany, type Screen } from '../lib/screen.ts';
import { keyOf, railNames, railScreens, screenCommands, screenProblems, screens, staleAfter } from './screens.ts';

const planted: Screen = {
  id: 'planted',
  path: '/flows/planted',
  label: 'Planted',
  icon: Workflow,
  place: { under: 'flows' },
  topics: {},
};

test('the screens are registered in order: few in the rail, every other one click below it', () => {
  expect(screenProblems(screens)).toEqual([]);
  expect(railNames.length).toBeLessThanOrEqual(8);
  expect(railScreens.map((screen) => screen.label)).toEqual(
    railNames.filter((name) => screens.some((screen) => 'rail' in screen.place && screen.label === name)),
  );
  expect(railScreens.length).toBeGreaterThanOrEqual(3);
});

test('every screen that is no single thing is offered by what goes to it, with its words and its shortcut', () => {
  const gone: string[] = [];
  const offered = screenCommands(screens, (path) => gone.push(path));
  const whole = screens.filter((screen) => !isOneOfMany(screen));
  expect(offered.map(({ label, words, keys }) => ({ label, words, key: keys?.[0] ?? null }))).toEqual(
    whole.map((screen) => ({ label: screen.label, words: screen.words, key: keyOf(screen) })),
  );
  for (const { run } of offered) run();
  expect(gone).toEqual(whole.map(({ path }) => path));
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

const rail = screens.filter((screen) => 'rail' in screen.place);
const placed = (label: string, place: number, id = label): Screen => ({
  ...planted,
  id,
  label,
  path: `/${id.toLowerCase()}`,
  place: { rail: place },
});

test('is told nothing where a whole rail is registered, and a screen under one of it', () => {
  const whole = railNames.map((name, index) => placed(name, index + 1));
  expect(screenProblems([...whole, { ...planted, place: { under: 'Flows' } }])).toEqual([]);
  expect(screenProblems([...rail, planted])).toEqual([]);
});

test.each<readonly [string, readonly Screen[], string]>([
  [
    'a ninth screen stands in the rail',
    [...railNames.map((name, index) => placed(name, index + 1)), placed('Planted', 9)],
    '9 screens in the rail; 8 are read at a glance',
  ],
  ['a screen of another name stands in the rail', [placed('Planted', 1)], 'Planted is no name of the rail'],
  ['a screen stands in the rail out of its order', [placed('People', 1)], 'the place of People in the rail is 3'],
  ['two screens want one place', [...rail, placed('Planted', 1)], 'two screens have the place 1 in the rail'],
  [
    'a screen lies under one that is not in the rail',
    [...rail, { ...planted, place: { under: 'planted-too' } }],
    'more than two clicks away',
  ],
  [
    'a screen lies under one and has its address elsewhere',
    [...rail, { ...planted, path: '/planted' }],
    'planted lies under flows: its address begins with /flows/',
  ],
  ['a screen is registered twice', [...rail, planted, planted], 'planted is registered twice'],
  [
    'two screens have one address',
    [...rail, planted, { ...planted, id: 'other' }],
    'two screens have the address /flows/planted',
  ],
  [
    'two screens that show one of many have one address',
    [...rail, { ...planted, path: '/flows/$a' }, { ...planted, id: 'other', path: '/flows/$b' }],
    'two screens have the address /flows/$',
  ],
  [
    'two screens have one shortcut',
    [...rail, { ...planted, key: 'Alt+KeyP' }, { ...planted, id: 'other', path: '/flows/other', key: 'Alt+KeyP' }],
    'two screens have the shortcut Alt+KeyP',
  ],
  [
    'a screen has the shortcut of one in the rail',
    [...rail, { ...planted, key: 'Alt+Digit2' }],
    'two screens have the shortcut Alt+Digit2',
  ],
])('is told where %s', (_name, all, message) => {
  expect(screenProblems(all).join('\n')).toContain(message);
});

test('a change of a topic reads again what its screens show, and nothing else', () => {
  expect(staleAfter('flows', ['flw_1'])).toEqual(expect.arrayContaining([['flows'], ['flow', 'flw_1']]));
  expect(new Set(staleAfter('accounts', ['acc_1']).map(String))).toEqual(
    new Set(['accounts', 'account,acc_1', 'senders']),
  );
  expect(staleAfter('weather', ['x'])).toEqual([]);
});

test('numbers that moved read the list of flows again, and who stands in the flows that they are of', () => {
  expect(staleAfter('counts', ['flw_1', 'flw_2'])).toEqual(
    expect.arrayContaining([['flows'], ['flow', 'flw_1', 'people'], ['flow', 'flw_2', 'people']]),
  );
  expect(staleAfter('counts', ['flw_1'])).not.toContainEqual(['flow', 'flw_1']);
});
