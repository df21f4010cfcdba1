import { type AppCommand, currentCommands } from './commands.ts';
import { isComposing, isSingleKey, matchesKeys } from './keys.ts';
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

/** Listens for the bindings of all registered commands; returns the way to stop. */
export function listenForShortcuts(): () => void {
  const listen = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || isComposing(event)) return;
    const single = singleKeys.get() !== 'off';
    const command = currentCommands().find(
      (each) =>
        each.keys?.some((keys) => (single || !isSingleKey(keys)) && matchesKeys(keys, event)) === true &&
        mayRun(each, event),
    );
    if (command === undefined) return;
    event.preventDefault();
    command.run();
  };
  window.addEventListener('keydown', listen);
  return () => window.removeEventListener('keydown', listen);
}
