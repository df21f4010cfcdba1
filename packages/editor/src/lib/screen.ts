import type { QueryKey } from '@tanstack/react-query';
import type { LucideIcon } from 'lucide-react';
import type { ComponentType } from 'react';

/** A screen, registered by `<room>/<name>.screen.ts`: the rail, the palette, the shortcuts and the feed all read the same entry. */
export type Screen = {
  readonly id: string;
  /** Where it stands in the address; parts that begin with `$` say that it shows one of many. */
  readonly path: string;
  /** In English, as a node's title is; shown through the catalogue. */
  readonly label: string;
  readonly icon: LucideIcon;
  /** A place in the rail, from the top, as `app/screens.ts` names them, or the id of the screen from which it is reached with one click. */
  readonly place: { readonly rail: number } | { readonly under: string };
  /** A shortcut; screens in the rail have Alt and their number. */
  readonly key?: string;
  /** Words by which it is found besides its label. */
  readonly words?: string;
  /** What it reads again when the feed says that something of a topic changed. `counts` are flows whose numbers moved, told every two seconds at most. */
  readonly topics: Readonly<Record<string, (ids: readonly string[]) => readonly QueryKey[]>>;
  /** What it shows, where `app/router.tsx` does not say so. */
  readonly load?: () => Promise<ComponentType>;
};

/** Whether a screen shows one of many, so that it is reached from a list alone. */
export const isOneOfMany = ({ path }: Screen): boolean => path.includes('$');
