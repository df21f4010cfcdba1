import type { MiddlewareHandler } from 'hono';
import type { ApiEnv } from './env.ts';
import { ProblemError } from './problems.ts';

/** Bytes of a refused body that are read and thrown away, so that the sender gets to see the answer. */
const mostDiscarded = 64 * 1_024 * 1_024;

/** Refuses bodies of more than `bytes` with `body_too_large`; one that does not say its length is read and counted. */
export function limitBody(bytes: number): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const { raw } = c.req;
    const length = c.req.header('content-length');
    if (length !== undefined && c.req.header('transfer-encoding') === undefined) {
      if (Number(length) <= bytes) return next();
      await discard(raw.body);
      throw new ProblemError('body_too_large');
    }
    if (raw.method === 'GET' || raw.method === 'HEAD' || raw.body === null) return next();
    const body = await readUpTo(raw.body, bytes);
    if (body === null) throw new ProblemError('body_too_large');
    const { url, method, signal } = raw;
    const init = { method, headers: new Headers(c.req.header()), signal };
    c.req.raw = new Request(url, body.byteLength === 0 ? init : { ...init, body });
    return next();
  };
}

/** The whole body; null where it is longer than `bytes`, the rest being thrown away. */
async function readUpTo(body: ReadableStream<Uint8Array>, bytes: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const parts: Uint8Array[] = [];
  let read = 0;
  for await (const part of body) {
    read += part.byteLength;
    if (read <= bytes) parts.push(part);
    else if (read > bytes + mostDiscarded) return null;
  }
  return read > bytes ? null : new Uint8Array(Buffer.concat(parts));
}

async function discard(body: ReadableStream<Uint8Array> | null): Promise<void> {
  if (body === null || body.locked) return;
  let left = mostDiscarded;
  try {
    for await (const part of body) {
      left -= part.byteLength;
      if (left < 0) return;
    }
  } catch {
    // The sender gave up.
  }
}
