/** What was last copied here, for pages that came by plain HTTP: they may write to the clipboard after a press, and read nothing. */
let last = '';

/** Puts a text on the clipboard. False where the browser lets nobody. */
export async function writeClipboard(text: string): Promise<boolean> {
  last = text;
  if (navigator.clipboard !== undefined) {
    const written = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    if (written) return true;
  }
  const before = document.activeElement;
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'sr-only';
  document.body.append(area);
  area.select();
  const written = document.execCommand('copy');
  area.remove();
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  return written;
}

/** The text on the clipboard, or what was last copied on this page where the clipboard may not be read. */
export async function readClipboard(): Promise<string> {
  if (navigator.clipboard?.readText === undefined) return last;
  return navigator.clipboard.readText().catch(() => last);
}
