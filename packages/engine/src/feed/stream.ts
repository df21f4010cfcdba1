import { z } from '@hono/zod-openapi';
import { tokenHolds } from '../access/tokens.ts';
import type { RouteDeps } from '../http/env.ts';
import { route } from '../http/route.ts';
import { failures, newRoutes, readFailures } from '../http/route-parts.ts';
import { laterEventSchema, streamEventSchema } from './contract.ts';
import type { FeedEvent } from './feed-events.ts';
import type { FeedHub } from './hub.ts';

const heartbeatMs = 15_000;
/** Bytes that may wait for one browser before it is dropped; it then comes back and resumes. */
const mostWaiting = 1_000_000;

const stream = route(
  { resource: 'changes', verb: 'follow', needs: 'changes.read' },
  {
    method: 'get',
    path: '/stream',
    summary: 'Follow what changes (server-sent events)',
    description:
      'Events `snapshot`, `counts` and `changed`, and in time others, which a client passes over; `id` is an opaque cursor. With Last-Event-ID the stream goes on where it was, else it begins with a snapshot. A comment comes every 15 seconds.',
    request: {
      headers: z.object({
        'last-event-id': z.string().max(100).optional().openapi({ description: 'The id of the last event seen.' }),
      }),
    },
    responses: {
      200: {
        description: 'The stream; each event’s data is one JSON document',
        content: { 'text/event-stream': { schema: z.union([streamEventSchema, laterEventSchema]) } },
      },
      ...failures(...readFailures),
    },
  },
);

/** Open streams by the token they were opened with, so that signing out ends them. */
export type OpenStreams = {
  readonly endOf: (tokenHash: Buffer) => void;
  readonly endAll: () => void;
  readonly add: (tokenHash: Buffer, end: () => void) => () => void;
};

/** Streams of one token, and of a process: beyond it the oldest ends, whose browser asks again if it still watches. */
const mostOfToken = 20;
const mostOfProcess = 2_000;

export function createOpenStreams(): OpenStreams {
  const ends = new Map<() => void, string>();
  return {
    add(tokenHash, end) {
      const hash = tokenHash.toString('hex');
      const same = [...ends].filter(([, of]) => of === hash).map(([each]) => each);
      const oldest =
        same.length >= mostOfToken ? same[0] : ends.size >= mostOfProcess ? [...ends.keys()][0] : undefined;
      oldest?.();
      ends.set(end, hash);
      return () => ends.delete(end);
    },
    endOf(tokenHash) {
      for (const [end, hash] of [...ends]) if (hash === tokenHash.toString('hex')) end();
    },
    endAll() {
      for (const end of [...ends.keys()]) end();
    },
  };
}

function toText({ id, event }: FeedEvent): string {
  return `id: ${id}\nevent: ${event.event}\ndata: ${JSON.stringify(event.data)}\n\n`;
}

/** The stream of a workspace's changes. */
export function streamRoutes(deps: RouteDeps, hub: FeedHub, open: OpenStreams) {
  return newRoutes().openapi(stream, (c) => {
    const { workspaceId, tokenHash, expiresAt } = c.var.actor;
    const { 'last-event-id': lastEventId } = c.req.valid('header');
    const encoder = new TextEncoder();
    let finish: () => void = () => undefined;
    const body = new ReadableStream<Uint8Array>(
      {
        start(controller) {
          let ended = false;
          const send = (text: string): boolean => {
            if (ended) return false;
            controller.enqueue(encoder.encode(text));
            if ((controller.desiredSize ?? 0) > 0) return true;
            finish();
            return false;
          };
          const heartbeat = setInterval(() => {
            if (deps.engine.clock.now() >= expiresAt) {
              finish();
              return;
            }
            send(': still here\n\n');
            // Signed out at another process; one that cannot be asked ends nothing.
            tokenHolds(deps.engine.db, tokenHash, deps.engine.clock.now()).then(
              (holds) => {
                if (!holds) finish();
              },
              () => undefined,
            );
          }, heartbeatMs);
          const forget = open.add(tokenHash, () => finish());
          let leave: () => void = () => undefined;
          finish = () => {
            if (ended) return;
            ended = true;
            clearInterval(heartbeat);
            forget();
            leave();
            try {
              controller.close();
            } catch {
              // The browser closed it first.
            }
          };
          send(': connected\n\n');
          leave = hub.watch(
            workspaceId,
            lastEventId,
            (events) => events.length === 0 || send(events.map(toText).join('')),
          );
        },
        cancel() {
          finish();
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: mostWaiting }),
    );
    return c.body(body, 200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
  });
}
