import { createDownloadClient, type DownloadClient, OutgoingError } from '../http/outgoing.ts';

/** Bytes of a file at most: what providers pass on. */
export const mostFileBytes = 5 * 1_024 * 1_024;
const fetchMs = 20_000;
const mostRedirects = 3;

/** Where the account's provider is, and what it wants to be asked with. */
export type FileOrigin = {
  /** Of the provider's APIs: the only places that `headers` go. */
  readonly origins: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  /** The account is at an address that whoever runs this set, such as the demo carrier's: that one may be on this machine. */
  readonly isOurs: boolean;
};

/** `final`: asking again would change nothing. */
export type Fetched =
  | { readonly kind: 'fetched'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly code: FetchFailure; readonly final: boolean };

export type FetchFailure =
  | 'media_address_refused'
  | 'media_too_large'
  | 'media_too_slow'
  | 'media_denied'
  | 'media_gone'
  | 'media_unreachable';

export type FileFetcher = {
  /** Never throws for what the network or whoever is there does. */
  readonly fetch: (address: string, from: FileOrigin) => Promise<Fetched>;
  readonly close: () => Promise<void>;
};

/**
 * Fetches files from addresses that came with a text. Whoever wrote the text may have chosen them: they lead to no machine of ours or of
 * anybody's own network, whatever they redirect to, and credentials go to the provider's own origins alone.
 *
 * @param options.timeoutMs for the whole file with all redirects.
 */
export function createFileFetcher(options: { readonly timeoutMs?: number } = {}): FileFetcher {
  const { timeoutMs = fetchMs } = options;
  const publicly = createDownloadClient({ connections: 8, publicOnly: true, mostBytes: mostFileBytes });
  const ours = createDownloadClient({ connections: 8, mostBytes: mostFileBytes });

  const ask = async (client: DownloadClient, url: URL, headers: FileOrigin['headers'], leftMs: number) => {
    try {
      return await client.request({ method: 'GET', url: url.href, headers, timeoutMs: leftMs });
    } catch (error) {
      if (error instanceof OutgoingError) return failureOf(error);
      throw error;
    }
  };

  return {
    async fetch(address, from) {
      const end = performance.now() + timeoutMs;
      let next = address;
      for (let hop = 0; hop <= mostRedirects; hop += 1) {
        const url = readAddress(next);
        if (url === null) return failed('media_address_refused');
        const isOwn = from.origins.includes(url.origin);
        const isStandard = url.port === '' || (isOwn && from.isOurs);
        if (!isStandard) return failed('media_address_refused');
        const left = end - performance.now();
        if (left < 1) return again('media_too_slow');
        const answer = await ask(isOwn && from.isOurs ? ours : publicly, url, isOwn ? from.headers : {}, left);
        if ('kind' in answer) return answer;
        const to = answer.status >= 300 && answer.status < 400 ? answer.header('location') : null;
        if (to === null) return byStatus(answer.status, answer.bytes);
        next = URL.parse(to, url.href)?.href ?? '';
      }
      return failed('media_address_refused');
    },
    close: async () => {
      await Promise.all([publicly.close(), ours.close()]);
    },
  };
}

const failed = (code: FetchFailure): Fetched => ({ kind: 'failed', code, final: true });
const again = (code: FetchFailure): Fetched => ({ kind: 'failed', code, final: false });

function readAddress(address: string): URL | null {
  const url = URL.parse(address);
  const fits = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  return fits ? url : null;
}

function failureOf({ code }: OutgoingError): Fetched {
  if (code === 'address_refused') return failed('media_address_refused');
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return failed('media_too_large');
  const isSlow = code === 'timeout' || code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT';
  return again(isSlow ? 'media_too_slow' : 'media_unreachable');
}

/** Providers may know a file a moment after its text, so that what is not there is asked for again. */
function byStatus(status: number, bytes: Uint8Array): Fetched {
  if (status === 200) return { kind: 'fetched', bytes };
  if (status === 401 || status === 403) return again('media_denied');
  if (status === 404 || status === 410) return again('media_gone');
  return again('media_unreachable');
}
