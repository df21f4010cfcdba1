import type { InboundMedia } from './provider.ts';

/** Files of one text at most: some providers count the frame and the words of a picture message among them. */
export const mostFiles = 20;
const longestUrl = 4_096;

/** The files that came with a text, without those that nobody could fetch. */
export function receivedMedia(files: ReadonlyArray<{ readonly url: string; readonly type?: string }>): InboundMedia[] {
  return files
    .filter(({ url }) => /^https?:\/\//.test(url) && url.length <= longestUrl)
    .slice(0, mostFiles)
    .map(({ url, type = '' }) => ({ url, type: type.slice(0, 100) }));
}
