import type { Logger } from 'pino';
import type { Account, AccountStore } from '../accounts/store.ts';
import type { Db } from '../db/database.ts';
import type { OutgoingMedia } from '../media/outgoing-media.ts';
import type { Clock } from '../runtime/clock.ts';
import type { FailPoints } from '../runtime/fail-points.ts';
import type { Ids } from '../runtime/ids.ts';

/** How a dispatcher works, and what it reaches the world through. */

export type DispatchSettings = {
  /** POSTs in flight at once. Nothing is claimed that cannot be posted at once: a crash leaves no more unknown than were in flight. */
  readonly concurrency: number;
  /** Claims of what nobody waits for wait until this many places are free, so that they come in batches. */
  readonly claimSize: number;
  /** Must exceed the HTTP timeout: a POST begins only while lease − timeout lies ahead (protocol 25). */
  readonly leaseMs: number;
  readonly httpTimeoutMs: number;
  readonly marginMs: number;
  /** An unknown message holds its number's line this long (protocol 23). */
  readonly unknownLineMs: number;
  /** An unknown outcome that nothing resolved closes after this (protocol 20). */
  readonly unknownDeadlineMs: number;
  readonly lookupEveryMs: number;
  /** So many failed requests within ten seconds, at least half of all, take an account for down. */
  readonly breakerFailures: number;
  /** Results are stored together at least this often. */
  readonly settleEveryMs: number;
};

export const defaultDispatchSettings: DispatchSettings = {
  concurrency: 320,
  claimSize: 128,
  leaseMs: 20_000,
  httpTimeoutMs: 8_000,
  marginMs: 2_000,
  unknownLineMs: 30_000,
  unknownDeadlineMs: 600_000,
  lookupEveryMs: 5_000,
  breakerFailures: 5,
  settleEveryMs: 100,
};

export type DispatchDeps = {
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Logger;
  readonly failPoints: FailPoints;
  readonly accounts: AccountStore;
  readonly settings: DispatchSettings;
  /** The URL that a provider calls with receipts of this attempt. */
  /** A file of a message as its provider is handed it. */
  readonly outgoingMedia: OutgoingMedia;
  readonly callbackUrl: (account: Account, attemptId: string) => string;
  /** Called after a commit that settled messages. */
  readonly onSettled: (workspaceId: string) => void;
  /** Suppresses numbers that the provider says opted out; resolves once that is committed. Repeating it changes nothing. */
  readonly optOut: (workspaceId: string, numbers: readonly string[]) => Promise<void>;
};
