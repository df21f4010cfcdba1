import { createKeybindingsHandler } from 'tinykeys';
import { type AppCommand, currentCommands, subscribeCommands } from './commands.ts';
import { isSingleKey } from './keys.ts';
import { singleKeys } from './settings.ts';

function isEditable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable="true"]') !== null;
}

function mayRun(command: AppCommand, event: KeyboardEvent): boolean {
  if (command.inText !== true && isEditable(event.target)) return false;
  if (command.scope === 'canvas') {
    if (!(event.target instanceof HTMLElement) || event.target.closest('[data-canvas-keys]') === null) return false;
  }
  // In front of the page, only what belongs to the dialog counts.
  if (document.querySelector('[role="dialog"][data-state="open"]') !== null && command.inText !== true) return false;
  return command.when?.() ?? true;
}

function build(): EventListener {
  const byKeys = new Map<string, AppCommand[]>();
  for (const command of currentCommands()) {
    for (const keys of command.keys ?? []) byKeys.set(keys, [...(byKeys.get(keys) ?? []), command]);
  }
  const map: Record<string, (event: KeyboardEvent) => void> = {};
  for (const [keys, commands] of byKeys) {
    map[keys] = (event) => {
      if (isSingleKey(keys) && singleKeys.get() === 'off') return;
      const command = commands.find((each) => mayRun(each, event));
      if (command === undefined) return;
      event.preventDefault();
      command.run();
    };
  }
  return createKeybindingsHandler(map, { ignore: (event) => event.defaultPrevented });
}

/** Listens for the bindings of all registered commands; returns the way to stop. */
export function listenForShortcuts(): () => void {
  let handler = build();
  const listen: EventListener = (event) => handler(event);
  const unsubscribe = subscribeCommands(() => {
    handler = build();
  });
  window.addEventListener('keydown', listen);
  return () => {
    window.removeEventListener('keydown', listen);
    unsubscribe();
  };
}
