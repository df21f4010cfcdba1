import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';
import type { Logger } from 'pino';
import type { Db } from '../db/database.ts';
import type { Notifier } from '../db/notifier.ts';
import type { NumberDigests } from '../db/number-digests.ts';
import type { Work } from '../db/work.ts';
import type { Clock } from '../runtime/clock.ts';
import type { FailPoints } from '../runtime/fail-points.ts';
import type { Ids } from '../runtime/ids.ts';
import type { Mailer } from './mailer.ts';
import type { Needs, Resource, Verb } from './permissions.ts';

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

/** A change as the audit trail keeps it: names of fields, codes and numbers, and nothing that could be about a person. */
export type Change = {
  readonly actor: Pick<Actor, 'via' | 'tokenHash'>;
  readonly resource: Resource;
  readonly verb: Verb;
  readonly action: string;
  /** What was changed, by its id as the API shows it; null where it is nothing that has one. */
  readonly subject: string | null;
  /** Fields of the request. */
  readonly fields: readonly string[];
  readonly detail: ChangeDetail;
  readonly requestId: string;
};

export type ChangeDetail = Readonly<Record<string, string | number | boolean>>;

/** What middleware has put into the context before a route runs. */
export type ApiEnv = {
  /** The request as Node has it; absent where none came over a connection. */
  Bindings: { readonly incoming?: IncomingMessage };
  Variables: { requestId: string; log: Logger; actor: Actor };
};

/** What every route reaches the world through. */
export type Services = {
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
  /** By which numbers are known again whose owners were erased. */
  readonly digests: NumberDigests;
  readonly log: Logger;
  readonly failPoints: FailPoints;
  readonly notifier: Notifier;
  /** Null where this installation has no relay to hand mails to. */
  readonly mailer: Mailer | null;
  /** Origin under which browsers and providers reach us. */
  readonly publicUrl: string;
  /** Appends a change to the audit trail, in the change's own transaction. */
  readonly recordChange: (work: Work, change: Change) => Promise<void>;
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
