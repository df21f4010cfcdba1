import type { QueryKey } from '@tanstack/react-query';
import type { AppCommand } from '../lib/commands.ts';
import { isOneOfMany, type Screen } from '../lib/screen.ts';
import { t, tr } from '../lib/translate.ts';

/** What a rail still shows at a glance, from the top. Only those that are registered are shown; every other screen lies under one of them. */
export const railNames: readonly string[] = [
  'Flows',
  'Campaigns',
  'People',
  'Conversations',
  'Messages',
  'Replies',
  'Insights',
  'Settings',
];

const found: Readonly<Record<string, { readonly screen: Screen }>> = import.meta.glob('../*/*.screen.{ts,tsx}', {
  eager: true,
});

/** Every screen, by the files that register one. */
export const screens: readonly Screen[] = Object.values(found).map((file) => file.screen);

const railPlace = ({ place }: Screen): number | null => ('rail' in place ? place.rail : null);

const railOf = (all: readonly Screen[]): Screen[] =>
  all.filter((screen) => railPlace(screen) !== null).sort((a, b) => (railPlace(a) ?? 0) - (railPlace(b) ?? 0));

/** The screens of the rail, from the top. */
export const railScreens: readonly Screen[] = railOf(screens);

/** The screens that are reached from another with one click; those that show one of many are reached from its list. */
export function screensUnder(id: string): readonly Screen[] {
  return screens.filter((screen) => 'under' in screen.place && screen.place.under === id && !isOneOfMany(screen));
}

/** The screen of the rail under which an address lies. */
export function railScreenOf(path: string): Screen | null {
  return railScreens.find((screen) => path === screen.path || path.startsWith(`${screen.path}/`)) ?? null;
}

/** The shortcut that goes to a screen. */
export function keyOf(screen: Screen, rail: readonly Screen[] = railScreens): string | null {
  const at = rail.indexOf(screen);
  return screen.key ?? (at === -1 ? null : `Alt+Digit${at + 1}`);
}

/** What goes to each screen that is no single thing: the palette, the shortcuts and their sheet offer it. */
export function screenCommands(all: readonly Screen[], go: (path: string) => void): AppCommand[] {
  return all
    .filter((screen) => !isOneOfMany(screen))
    .map((screen) => {
      const key = keyOf(screen);
      return {
        id: `go.${screen.id}`,
        label: tr(screen.label),
        group: t('commands.group.go'),
        ...(screen.words === undefined ? {} : { words: tr(screen.words) }),
        ...(key === null ? {} : { keys: [key] }),
        run: () => go(screen.path),
      };
    });
}

/** What has to be read again after a change of some ids of a topic. */
export function staleAfter(topic: string, ids: readonly string[]): readonly QueryKey[] {
  return screens.flatMap((screen) => screen.topics[topic]?.(ids) ?? []);
}

/** The values that several screens have, of what each has alone. */
function shared(all: readonly Screen[], of: (screen: Screen) => string | null): string[] {
  const values = all.map(of).filter((value) => value !== null);
  return [...new Set(values.filter((value, index) => values.indexOf(value) < index))];
}

/** What is wrong with how the screens are registered, a line each. */
export function screenProblems(all: readonly Screen[]): string[] {
  const rail = railOf(all);
  const problems = [
    ...shared(all, ({ id }) => id).map((id) => `${id} is registered twice`),
    ...shared(all, ({ path }) => path.replace(/\$\w+/g, '$')).map((path) => `two screens have the address ${path}`),
    ...shared(all, (screen) => keyOf(screen, rail)).map((key) => `two screens have the shortcut ${key}`),
    ...shared(rail, (screen) => String(railPlace(screen))).map(
      (place) => `two screens have the place ${place} in the rail`,
    ),
  ];
  if (rail.length > railNames.length)
    problems.push(`${rail.length} screens in the rail; ${railNames.length} are read at a glance`);
  for (const screen of rail) {
    const place = railNames.indexOf(screen.label) + 1;
    if (place === 0)
      problems.push(`${screen.label} is no name of the rail (${railNames.join(', ')}): it goes under one of them`);
    else if (railPlace(screen) !== place) problems.push(`the place of ${screen.label} in the rail is ${place}`);
  }
  for (const { id, path, place } of all) {
    if (!('under' in place)) continue;
    const parent = rail.find((each) => each.id === place.under);
    if (parent === undefined)
      problems.push(`${id} lies under ${place.under}, which is not in the rail: it is more than two clicks away`);
    else if (!path.startsWith(`${parent.path}/`))
      problems.push(`${id} lies under ${parent.id}: its address begins with ${parent.path}/`);
  }
  return problems;
}
