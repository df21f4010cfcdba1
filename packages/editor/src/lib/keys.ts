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
