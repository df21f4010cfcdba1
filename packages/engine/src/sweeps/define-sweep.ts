import type { Client } from '@temporalio/client';
import type { SettlementPump } from '../cohorts/pumps.ts';
import type { Starter } from '../cohorts/starter.ts';
import type { TemporalNames } from '../cohorts/temporal-names.ts';
import type { FlowServices } from '../flows/services.ts';
import type { Services } from '../http/env.ts';
import type { InboundDeps } from '../inbound/inbound-deps.ts';
import type { ToldEvents } from '../inbound/told-events.ts';
import type { WebhookSender } from '../integrations/sender.ts';
import type { Media } from '../media/media.ts';
import type { DispatchDeps } from '../sending/dispatch-settings.ts';

/** What sweeps reach the world through. */
export type SweepDeps = Omit<Services, 'notifier' | 'recordChange'> &
  Pick<FlowServices, 'versions' | 'onArrived'> & {
    readonly arrivalDeps: InboundDeps;
    readonly client: () => Client;
    readonly names: TemporalNames;
    readonly starter: Starter;
    readonly settlements: SettlementPump;
    readonly dispatch: DispatchDeps;
    /** Stores what a provider told when it was asked, and acts on it. */
    readonly told: ToldEvents;
    readonly webhooks: WebhookSender;
    /** Where files are, and what brings them there. */
    readonly media: Omit<Media, 'stop'>;
    /** Milliseconds between the turns of what people wait for. */
    readonly everyMs: number;
    /** Milliseconds for which clicks on short links are kept. */
    readonly linkClickLifeMs: number;
    /** Starts the dispatchers' workflows where Temporal has none: after its data was lost, too. */
    readonly ensureDispatch: () => Promise<void>;
  };

/** How one turn goes: `all` looks at everything, however young and whenever it was looked at last. */
export type Turn = { readonly all: boolean };

/**
 * A sweep brings back what a crash left lying, in short transactions, and is safe to run in any number of processes: whoever it comes
 * to is locked or skipped. What fails for one workspace keeps no other waiting.
 */
export type Sweep = {
  /** Stands in the log; `maintenance.turn` takes it. */
  readonly name: string;
  /** Milliseconds between two turns; `quick` is as often as people may have to wait for. */
  readonly every: number | 'quick';
  /** Whether the next turn comes at once, by how much this one handled. Else it waits. */
  readonly again?: (handled: number) => boolean;
  /** Makes the sweep's turn. What it remembers between turns (where a list goes on) lives in its closure. Resolves to how much it handled. */
  readonly create: (deps: SweepDeps) => (turn: Turn) => Promise<number>;
};

/** A sweep, with its place for a docstring: one file beside, and `pnpm catalogue` adds it to the loop. */
export function defineSweep(sweep: Sweep): Sweep {
  return sweep;
}
