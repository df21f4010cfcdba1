import type { Context } from 'hono';
import type { Logger } from 'pino';
import type { Db } from '../db/database.ts';
import type { Notifier } from '../db/notifier.ts';
import type { Clock } from '../runtime/clock.ts';
import type { FailPoints } from '../runtime/fail-points.ts';
import type { Ids } from '../runtime/ids.ts';
import type { Needs } from './permissions.ts';

/** Who asks: a browser session or a bearer token, in one workspace. */
export type Actor = {
  readonly workspaceId: string;
  readonly scope: 'read' | 'full';
  readonly via: 'session' | 'bearer';
  readonly tokenHash: Buffer;
  readonly expiresAt: Date;
  /** Whether they may do what a route needs. */
  readonly may: (needs: Needs) => boolean;
};

/** What middleware has put into the context before a route runs. */
export type ApiEnv = {
  Variables: { requestId: string; log: Logger; actor: Actor };
};

/** What every route reaches the world through. */
export type Services = {
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Logger;
  readonly failPoints: FailPoints;
  readonly notifier: Notifier;
  /** Origin under which browsers and providers reach us. */
  readonly publicUrl: string;
};

/** What a room's routes are made with: the services of every route, and those that the room declares as `More`. */
export type RouteDeps<More = unknown> = {
  readonly engine: Services & More;
  /** Present in demo mode only. */
  readonly demo: DemoMode | null;
};

export type DemoMode = {
  /** Origin of the demo carrier, without a trailing slash. */
  readonly carrierUrl: string;
  /** What the seed sends as `x-signalbox-seed` so that its rows are marked as samples; never leaves this process. */
  readonly seedKey: string;
};

/** Whether a request is the seed's own, whose rows are samples. */
export function isSeed(c: Context<ApiEnv>, demo: DemoMode | null): boolean {
  return demo !== null && c.req.header('x-signalbox-seed') === demo.seedKey;
}
