const isMac = typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.userAgent);

const names: Readonly<Record<string, string>> = {
  $mod: isMac ? '⌘' : 'Ctrl',
  Shift: isMac ? '⇧' : 'Shift',
  Alt: isMac ? '⌥' : 'Alt',
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowLeft: '←',
  ArrowRight: '→',
  Backspace: 'Del',
  Delete: 'Del',
  Escape: 'Esc',
  Enter: isMac ? '↩' : 'Enter',
};

/** Whether a binding is one character typed alone, which someone who speaks to the computer types by accident. */
export function isSingleKey(binding: string): boolean {
  return /^(?:Shift\+)?(?:Key[A-Z]|Digit\d|Slash|\?|\+)$/.test(binding);
}

/** The keys of a binding as people know them. */
export function showKeys(binding: string): string[] {
  return binding.split('+').map((key) => names[key] ?? key.replace(/^(?:Key|Digit)/, '').replace('Slash', '/'));
}

/** A binding for `aria-keyshortcuts`. */
export function ariaKeys(binding: string): string {
  return binding.replace('$mod', isMac ? 'Meta' : 'Control').replace(/\bKey(?=[A-Z])/g, '');
}

/** What of a key press tells which shortcut it is. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

/**
 * The Latin letter that a press types, wherever it stands on the keyboard; on a keyboard of another script, the one that stands
 * there on a Latin one. Null for other keys.
 */
function letterOf({ key, code }: KeyPress): string | null {
  if (/^[a-z]$/i.test(key)) return key.toUpperCase();
  const foreign = /^\p{L}$/u.test(key) && !/^\p{Script=Latin}$/u.test(key);
  return foreign ? (/^Key([A-Z])$/.exec(code)?.[1] ?? null) : null;
}

/** Whether a press is a binding: letters and signs by what they type, digits by where they stand, as some keyboards need Shift for them. */
export function matchesKeys(binding: string, press: KeyPress, mac = isMac): boolean {
  const [, modifiers = '', name = ''] = /^((?:(?:\$mod|Shift|Alt)\+)*)(.+)$/.exec(binding) ?? [];
  const [mod, other] = mac ? [press.metaKey, press.ctrlKey] : [press.ctrlKey, press.metaKey];
  const letter = /^Key([A-Z])$/.exec(name)?.[1];
  const sign = name === 'Slash' ? '/' : /^[^\p{L}\p{N}]$/u.test(name) ? name : null;
  if (mod !== modifiers.includes('$mod') || other || press.altKey !== modifiers.includes('Alt')) return false;
  // Some keyboards need Shift for a sign, others do not.
  if (sign !== null) return press.key === sign;
  if (press.shiftKey !== modifiers.includes('Shift')) return false;
  if (letter !== undefined) return letterOf(press) === letter;
  return name.startsWith('Digit') ? press.code === name : press.key === name;
}

/** Whether a key press belongs to a word that an input method is still being told; Enter then only confirms the word. */
export function isComposing(event: { readonly isComposing: boolean; readonly keyCode: number }): boolean {
  return event.isComposing || event.keyCode === 229;
}

/**
 * Keeps the presses of an input method to itself, before anything on the page hears them: Escape that gives a word up would close the
 * dialog, list or panel around the field, and Enter that confirms one would send or choose.
 */
export function keepInputMethodApart(page: Pick<Window, 'addEventListener'>): void {
  page.addEventListener('keydown', (event) => isComposing(event) && event.stopImmediatePropagation(), {
    capture: true,
  });
}
