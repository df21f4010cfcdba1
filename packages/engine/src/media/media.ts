import type { FetchDeps } from './fetch-due.ts';
import { createFileFetcher } from './fetch-file.ts';
import { createMediaFetching, type MediaFetching } from './fetch-line.ts';
import type { FileStore } from './file-store.ts';

/** What sweeps do with files. */
export type Media = { readonly files: FileStore; readonly fetching: MediaFetching; readonly stop: () => Promise<void> };

/** Files of messages, with what fetches them. */
export function createMedia(deps: Omit<FetchDeps, 'fetcher'>): Media {
  const fetcher = createFileFetcher();
  const fetching = createMediaFetching({ ...deps, fetcher });
  return {
    files: deps.files,
    fetching,
    async stop() {
      await fetching.stop();
      await fetcher.close();
    },
  };
}
