import type { Logger } from 'pino';
import type { SecretBox } from '../accounts/store.ts';
import type { Engine } from '../main/engine.ts';

/** Who asks: a browser session or a bearer token, in one workspace. */
export type Actor = {
  readonly workspaceId: string;
  readonly scope: 'read' | 'full';
  readonly via: 'session' | 'bearer';
  readonly tokenHash: Buffer;
  readonly expiresAt: Date;
};

/** What middleware has put into the context before a route runs. */
export type ApiEnv = {
  Variables: { requestId: string; log: Logger; actor: Actor };
};

/** Everything that routes reach the world through. */
export type ApiDeps = {
  readonly engine: Pick<
    Engine,
    | 'db'
    | 'clock'
    | 'ids'
    | 'log'
    | 'failPoints'
    | 'nodes'
    | 'versions'
    | 'arrivalDeps'
    | 'starter'
    | 'maintenance'
    | 'notifier'
    | 'accounts'
    | 'publicUrl'
    | 'onArrived'
  >;
  readonly box: SecretBox;
  /** Present in demo mode only. */
  readonly demo: DemoMode | null;
};

export type DemoMode = {
  /** Origin of the demo carrier, without a trailing slash. */
  readonly carrierUrl: string;
  /** What the seed sends as `x-signalbox-seed` so that its rows are marked as samples; never leaves this process. */
  readonly seedKey: string;
};
