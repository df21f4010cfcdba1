import { useEffect, useSyncExternalStore } from 'react';
import { t } from './translate.ts';

/** Something a person can do: the toolbar, the palette, the shortcuts sheet and the keyboard all read the same entry. */
export type AppCommand = {
  readonly id: string;
  readonly label: string;
  /** Heading in the palette and in the sheet. */
  readonly group: string;
  /** Words by which the palette finds it besides its label. */
  readonly words?: string;
  /** Bindings; the first is shown. */
  readonly keys?: readonly string[];
  /** Works while typing in a field too. */
  readonly inText?: boolean;
  /** Its keys count only while the focus is on the canvas or the outline. */
  readonly scope?: 'canvas';
  readonly when?: () => boolean;
  /** Left out of the palette: it acts on where the focus is. */
  readonly hidden?: boolean;
  readonly run: () => void;
};

const registered = new Map<string, AppCommand>();
const listeners = new Set<() => void>();
let snapshot: readonly AppCommand[] = [];

function changed(): void {
  snapshot = [...registered.values()];
  for (const listener of listeners) listener();
}

/** Offers commands while the component is there. Pass a stable list. */
export function useCommands(commands: readonly AppCommand[]): void {
  useEffect(() => {
    for (const command of commands) registered.set(command.id, command);
    changed();
    return () => {
      for (const command of commands) if (registered.get(command.id) === command) registered.delete(command.id);
      changed();
    };
  }, [commands]);
}

/** Every command on offer now. */
export function useAllCommands(): readonly AppCommand[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => snapshot,
  );
}

/** The headings of commands: what belongs to the screen first, what holds everywhere last. */
export function orderedGroups(commands: readonly Pick<AppCommand, 'group'>[]): readonly string[] {
  const first = [
    t('commands.group.flow'),
    t('commands.group.create'),
    t('commands.group.edit'),
    t('commands.group.canvas'),
  ];
  const last = [t('commands.group.go'), t('commands.group.view'), t('commands.group.session')];
  const groups = [...new Set(commands.map((command) => command.group))];
  const placeOf = (group: string): number => {
    const early = first.indexOf(group);
    const late = last.indexOf(group);
    return early !== -1 ? early : late !== -1 ? first.length + 1 + late : first.length;
  };
  return groups.sort((a, b) => placeOf(a) - placeOf(b));
}

/** Runs a command by its id, where it is on offer and its time has come. */
export function runCommand(id: string): void {
  const command = registered.get(id);
  if (command !== undefined && (command.when?.() ?? true)) command.run();
}

export const currentCommands = (): readonly AppCommand[] => snapshot;
