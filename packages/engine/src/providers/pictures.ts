/** Pictures as all providers take them that send any; each says how large. */
export function pictures(bytes: number): Readonly<Record<'image/jpeg' | 'image/png' | 'image/gif', number>> {
  return { 'image/jpeg': bytes, 'image/png': bytes, 'image/gif': bytes };
}

/** Where North American networks carry pictures: nowhere else, and from nobody else. */
export const northAmerica = ['US', 'CA'] as const;
