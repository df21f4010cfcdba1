import type { MediaRow } from './read-media.ts';

/** Kinds that a browser may show where they stand: none of them holds anything that runs. */
const shownInPlace: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);

/** What a file is handed out with: it is what we found it to be, and nothing in it runs, wherever it is opened. */
export function fileHeaders(row: Pick<MediaRow, 'content_type' | 'id'>): Record<string, string> {
  const { content_type: type } = row;
  const ending = /^\w+\/([\w]{1,10})/.exec(type)?.[1] ?? 'bin';
  const how = shownInPlace.has(type) ? 'inline' : 'attachment';
  return {
    'content-type': type,
    'content-disposition': `${how}; filename="${row.id}.${ending}"`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
  };
}
