/**
 * The text of a CSV file's bytes: UTF-8, or UTF-16 where a byte order mark says so, as spreadsheets write "Unicode text". Null for
 * anything else: another encoding can only be guessed, and a wrong guess changes people's names.
 */
export function decodeCsv(bytes: Uint8Array): string | null {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    // UTF-16 without its mark is readable UTF-8 with every second character U+0000.
    return text.slice(0, 64).includes('\u0000') ? null : text;
  } catch {
    return null;
  }
}
