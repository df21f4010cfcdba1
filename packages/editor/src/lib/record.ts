/** A record with nothing in it, not even what objects inherit: ids such as `constructor` are ordinary keys. */
export function emptyRecord<T>(): Record<string, T> {
  return Object.create(null);
}

/** A record of these entries that inherits nothing. */
export function recordOf<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  const record = emptyRecord<T>();
  for (const [key, value] of entries) record[key] = value;
  return record;
}
