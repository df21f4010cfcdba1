import type { QueryKey } from '@tanstack/react-query';
import { isOneOfMany, type Screen } from '../lib/screen.ts';

/** What a rail still shows at a glance. */
export const mostInRail = 8;

const found: Readonly<Record<string, { readonly screen: Screen }>> = import.meta.glob('../*/*.screen.{ts,tsx}', {
  eager: true,
});

/** Every screen, by the files that register one. */
export const screens: readonly Screen[] = Object.values(found).map((file) => file.screen);

const railPlace = ({ place }: Screen): number | null => ('rail' in place ? place.rail : null);

/** The screens of the rail, from the top. */
export const railScreens: readonly Screen[] = screens
  .filter((screen) => railPlace(screen) !== null)
  .sort((a, b) => (railPlace(a) ?? 0) - (railPlace(b) ?? 0));

/** The screens that are reached from another with one click; those that show one of many are reached from its list. */
export function screensUnder(id: string): readonly Screen[] {
  return screens.filter((screen) => 'under' in screen.place && screen.place.under === id && !isOneOfMany(screen));
}

/** The screen of the rail under which an address lies. */
export function railScreenOf(path: string): Screen | null {
  return railScreens.find((screen) => path === screen.path || path.startsWith(`${screen.path}/`)) ?? null;
}

/** The shortcut that goes to a screen. */
export function keyOf(screen: Screen): string | null {
  const at = railScreens.indexOf(screen);
  return screen.key ?? (at === -1 ? null : `Alt+Digit${at + 1}`);
}

/** What has to be read again after a change of some ids of a topic. */
export function staleAfter(topic: string, ids: readonly string[]): readonly QueryKey[] {
  return screens.flatMap((screen) => screen.topics[topic]?.(ids) ?? []);
}

/** What is wrong with how the screens are registered, a line each. */
export function screenProblems(all: readonly Screen[]): string[] {
  const ids = all.map((screen) => screen.id);
  const rail = all.filter((screen) => 'rail' in screen.place);
  const problems =
    rail.length > mostInRail ? [`${rail.length} screens in the rail; ${mostInRail} are read at a glance`] : [];
  for (const screen of all) {
    if (ids.indexOf(screen.id) !== ids.lastIndexOf(screen.id)) problems.push(`${screen.id} is registered twice`);
    const parent = 'under' in screen.place ? screen.place.under : null;
    if (parent !== null && !rail.some((each) => each.id === parent))
      problems.push(`${screen.id} lies under ${parent}, which is not in the rail: it is more than two clicks away`);
  }
  const places = rail.map(railPlace);
  if (new Set(places).size < places.length) problems.push('two screens have one place in the rail');
  return problems;
}
