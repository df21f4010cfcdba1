import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ApiEnv } from './env.ts';
import { ProblemError } from './problems.ts';

/** Bytes of a refused body that are read and thrown away, so that the sender gets to see the answer. */
const mostDiscarded = 64 * 1_024 * 1_024;

/** Refuses bodies of more than `bytes` with `body_too_large`. */
export function limitBody(bytes: number): MiddlewareHandler<ApiEnv> {
  return bodyLimit({
    maxSize: bytes,
    onError: async (c) => {
      await discard(c.req.raw.body);
      throw new ProblemError('body_too_large');
    },
  });
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
