import type { Work } from '../../db/work.ts';
import type { LinkMaker } from '../../links/shorten.ts';
import type { BatchLoader } from '../../runtime/batch-loader.ts';
import type { Ids } from '../../runtime/ids.ts';
import type { CohortRow } from '../cohort-rows.ts';
import type { HeldReason } from '../hold.ts';

/** The step at which a port is used. */
export type AtStep = { readonly id: string };

/** What the effects of one step call share. */
export type EffectContext = Work & {
  readonly flowId: string;
  /** The number of the version that the call is of. */
  readonly version: number;
  /** Whether its people come by a campaign: what it sends as a journey has the campaigns' lane. */
  readonly isCampaign: boolean;
  readonly ids: Ids;
  readonly links: LinkMaker;
  /** Tells whoever sends that messages were queued. */
  readonly onQueued: () => void;
};

/** One port's part of one step call: it collects what nodes ask for and writes it in statements that do not grow with the cohort. */
export type OpenEffect<Port> = {
  /** The port bound to one person at a step: what it reads is gathered over the cohort, what it writes is collected. */
  readonly bind: (row: CohortRow, at: AtStep) => Port;
  /** Reads that wait to be made together. */
  readonly reads: ReadonlyArray<Pick<BatchLoader<never, unknown>, 'pending' | 'flush'>>;
  /** Writes what was collected for these enrollments. It may be asked for the same ones again after a rollback. */
  readonly write?: (enrollments: ReadonlySet<string>) => Promise<void>;
  /** Forgets what was collected for an enrollment: its person failed, or is decided for again. */
  readonly discard?: (enrollmentId: string) => void;
  /** Enrollments to be held where they are whatever was decided, and why. */
  readonly toHold?: ReadonlyMap<string, HeldReason>;
  /** Called once what was written is committed. */
  readonly committed?: () => void;
};

/** A port of the nodes as the engine serves it. The file and the export are called as the port is. */
export type Effect<Port> = { readonly open: (context: EffectContext) => OpenEffect<Port> };

/** Defines what a port does: one file of this folder each; `pnpm catalogue` lists it. */
export function defineEffect<Port>(open: Effect<Port>['open']): Effect<Port> {
  return { open };
}
