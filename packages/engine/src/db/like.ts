/** The pattern for LIKE and ILIKE that finds a text anywhere, its own `%`, `_` and `\` read as they stand. */
export function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}
