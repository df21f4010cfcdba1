import { runStep } from '@signalbox/engine/cohorts/run-step';
import { endFlow, pauseFlow, releaseFlowPeople, resumeFlow, stopFlow } from '@signalbox/engine/flows/lifecycle';
import { createInboundCommit } from '@signalbox/engine/inbound/webhook-commits';
import { type Clock, systemClock } from '@signalbox/engine/runtime/clock';
import { z } from 'zod';
import { type ArmedFailPoints, createFailPoints } from './fail-points.ts';
import { conversationFlow } from './flows.ts';
import { businessNumber, type Harness, until } from './harness.ts';
import { type LockWatch, openTransaction } from './overlap.ts';

/** Statements in which the second of two transactions waits. */
export const statement = {
  lockContact: /SELECT (id|1) FROM contacts|from "contacts" .*for no key update/s,
  lockEnrollments: /FROM enrollments\s+WHERE .*FOR NO KEY UPDATE/s,
  lockCohort: /FOR NO KEY UPDATE OF e/,
  lockNumber: /UPDATE numbers/,
  raiseFlag: /UPDATE flows SET state/,
  readFlag: /FROM flows .*FOR SHARE/s,
  openCall: /FOR SHARE OF f/,
} as const;

/** What became of one person, and of every text to and from them. */
export type Outcome = {
  /** How enrollments ended: outcome and the reason's code. */
  readonly ends: readonly string[];
  /** The steps left, each with its outlet; `ended` where the enrollment ended there. */
  readonly path: readonly string[];
  /** What the carrier took from us, in order. */
  readonly got: readonly string[];
  /** What it never took: text, state and the reason's code. */
  readonly unsent: readonly string[];
  /** What the person wrote, and who took it. */
  readonly wrote: readonly string[];
};

/** A clock that can be put ahead of the real one: what waits for days is due at once, as long as it is. */
export type AheadClock = Clock & { aheadMs: number };

export function createAheadClock(): AheadClock {
  const clock: AheadClock = {
    aheadMs: 0,
    now: () => new Date(systemClock.now().getTime() + clock.aheadMs),
    monotonic: systemClock.monotonic,
  };
  return clock;
}

export type SceneParts = {
  readonly harness: Harness;
  readonly failPoints: ArmedFailPoints;
  readonly locks: LockWatch;
  readonly clock: AheadClock;
};

export type Scene = Awaited<ReturnType<typeof createScene>>;

const reasonSchema = z.object({ code: z.string() }).nullable();
const codeOf = (reason: unknown): string => reasonSchema.parse(reason)?.code ?? '-';

/** One person before a conversation flow of their own, in a workspace that they share with others, and the ways to get at them. */
export async function createScene(
  { harness, failPoints, locks, clock }: SceneParts,
  { keyword, person, neighbour }: { readonly keyword: string; readonly person: string; readonly neighbour: string },
) {
  const { engine, workspaceId, inTx, carrier } = harness;
  const { flowId, versionId } = await harness.publish(keyword, conversationFlow({ keyword }));
  const lifecycle = { ...engine, ...engine.arrivalDeps };
  const elsewherePoints = createFailPoints();
  const elsewhere = createInboundCommit({ ...engine, failPoints: elsewherePoints });
  let sids = 0;

  const position = () =>
    inTx((tx) => tx.selectFrom('enrollments').selectAll().where('flow_id', '=', flowId).executeTakeFirst());
  const outgoing = () =>
    inTx((tx) =>
      tx
        .selectFrom('messages')
        .select(['id', 'body', 'state', 'reason', 'enrollment_id'])
        .where('number', '=', person)
        .where('direction', '=', 'out')
        .orderBy('id')
        .execute(),
    );
  const incoming = () =>
    inTx((tx) =>
      tx
        .selectFrom('messages')
        .select(['body', 'handled_by'])
        .where('number', '=', person)
        .where('direction', '=', 'in')
        .orderBy('id')
        .execute(),
    );
  const history = () =>
    inTx((tx) =>
      tx.selectFrom('enrollment_history').select(['id', 'outcome', 'reason']).where('flow_id', '=', flowId).execute(),
    );
  const got = (phone = person): string[] =>
    carrier.ledger
      .ofPhone(phone)
      .filter((message) => message.origin === 'api')
      .map((message) => message.body);
  const path = async (): Promise<string[]> => {
    const { rows, version } = await inTx(async (tx) => ({
      version: await engine.versions.load({ tx, workspaceId }, versionId),
      rows: await tx
        .selectFrom('enrollment_path')
        .innerJoin('enrollment_history', 'enrollment_history.id', 'enrollment_path.enrollment_id')
        .select(['enrollment_path.step', 'outlet'])
        .where('flow_id', '=', flowId)
        .orderBy('enrollment_path.hop')
        .execute(),
    }));
    return rows.map(({ step, outlet }) => {
      const at = version.steps[step];
      return `${at?.id ?? step} ${outlet === null ? 'ended' : (at?.outlets[outlet]?.id ?? outlet)}`;
    });
  };

  const text = (body: string): void => void carrier.text(person, businessNumber, body);
  const waiting = () =>
    until('the wait for a reply', async () => (await position())?.waiting_event === 'message.received');

  return {
    failPoints,
    locks,
    keyword,
    text,
    waiting,
    position,
    got,
    /** States of the texts to the person, in order. */
    states: async () => (await outgoing()).map((message) => message.state),
    /** Resolves when a text of the person was routed. */
    handled: (body: string) =>
      until(`the text ${body} to be routed`, async () =>
        (await incoming()).some((entry) => entry.body === body && entry.handled_by !== null),
      ),
    /** Somebody else asks for help and gets it: the dispatcher has been round. */
    async helpNeighbour(): Promise<void> {
      carrier.text(neighbour, businessNumber, 'help');
      await until('the neighbour to be helped', () => got(neighbour).length === 1);
    },
    /** Looks for people who are due, as if the time that the person waits for were over: whether there are any, and how many it took. */
    async sweepDueLater(): Promise<{ readonly due: boolean; readonly taken: number }> {
      const before = failPoints.visits('due.after_commit');
      clock.aheadMs = 3 * 86_400_000;
      try {
        const taken = await engine.maintenance.turn('due');
        return { due: failPoints.visits('due.after_commit') > before, taken };
      } finally {
        clock.aheadMs = 0;
      }
    },
    /** Makes the call for a step again that was made before, as Temporal does where it lost the result. */
    async repeatCall(stepId: string) {
      const { step, entry } = await inTx(async (tx) => {
        const version = await engine.versions.load({ tx, workspaceId }, versionId);
        const step = version.steps.find((each) => each.id === stepId)?.rank ?? -1;
        const entry = await tx
          .selectFrom('run_steps')
          .innerJoin('runs', 'runs.id', 'run_steps.run_id')
          .select(['run_id', 'call', 'cohorts', 'result', 'at'])
          .where('flow_id', '=', flowId)
          .where('run_steps.step', '=', step)
          .executeTakeFirstOrThrow();
        return { step, entry };
      });
      const { run_id: runId, call, at } = entry;
      const key = { workspaceId, runId, call, step, cohorts: entry.cohorts ?? [] };
      const result = await runStep(engine.cohortDeps, { ...key, firstCohort: 1, now: at.getTime(), alone: true });
      return { result, stored: entry.result };
    },
    /** Lets the person in and brings them to the wait for a reply. */
    async bringToWait(): Promise<void> {
      text(keyword);
      await waiting();
    },
    /** The time that the person waits until is over. */
    async comeDue(): Promise<void> {
      await inTx((tx) =>
        tx
          .updateTable('enrollments')
          .set({ due_at: new Date(Date.now() - 60_000) })
          .where('flow_id', '=', flowId)
          .where('state', '=', 3)
          .execute(),
      );
    },
    /** Another process that serves webhooks, with fail points of its own. */
    elsewhere: {
      failPoints: elsewherePoints,
      text: (body: string) => {
        sids += 1;
        const providerId = `SM-${keyword}-${sids}`;
        return elsewhere.add(workspaceId, {
          accountId: harness.accountId,
          providerId,
          from: person,
          to: businessNumber,
          body,
          media: [],
          carrierWord: null,
          part: null,
          trusted: true,
        });
      },
    },
    /** Raises the flow's stop flag in a transaction of its own; resolves after its commit. */
    stopFlow: () => inTx((tx) => stopFlow({ tx, workspaceId, now: new Date() }, flowId)),
    /** The same, not committed yet. */
    openStop: () => openTransaction(harness, (tx) => stopFlow({ tx, workspaceId, now: new Date() }, flowId)),
    pauseFlow: () => inTx((tx) => pauseFlow({ tx, workspaceId, now: new Date() }, flowId)),
    openPause: () => openTransaction(harness, (tx) => pauseFlow({ tx, workspaceId, now: new Date() }, flowId)),
    /** Lowers the pause flag and lets everyone held go on; resolves once they have runs. */
    async resume(): Promise<void> {
      await inTx((tx) => resumeFlow({ tx, workspaceId, now: new Date() }, flowId));
      await releaseFlowPeople(lifecycle, workspaceId, flowId, (runs) => engine.starter.start(runs));
    },
    /** The person's state of consent to marketing. */
    consent: () =>
      inTx((tx) =>
        tx
          .selectFrom('consents')
          .innerJoin('contacts', 'contacts.id', 'consents.contact_id')
          .select('state')
          .where('phone', '=', person)
          .where('purpose', '=', 'marketing')
          .executeTakeFirst(),
      ),
    /** Why the person's number is suppressed, what revoked their consent, and how often the carrier itself wrote to them. */
    async optedOut() {
      const number = await inTx((tx) =>
        tx.selectFrom('numbers').select('suppressed_reason').where('number', '=', person).executeTakeFirst(),
      );
      const revoked = await inTx((tx) =>
        tx
          .selectFrom('consent_ledger')
          .innerJoin('contacts', 'contacts.id', 'consent_ledger.contact_id')
          .select('method')
          .where('phone', '=', person)
          .where('action', '=', 'revoked')
          .execute(),
      );
      const carrierWrote = carrier.ledger.ofPhone(person).filter((message) => message.origin === 'carrier').length;
      return { reason: number?.suppressed_reason, revokedBy: revoked.map(({ method }) => method), carrierWrote };
    },
    /** Ends everyone whom a stop found inside; resolves to how many. */
    endFlow: () => endFlow(lifecycle, workspaceId, flowId),
    /** Resolves when the enrollment has ended and nothing is on its way from or to the person, to what became of everything. */
    async outcome(textsWritten: number): Promise<Outcome> {
      await until('the end', async () => (await history()).length > 0 && (await position()) === undefined);
      await until('the texts to be stored', async () => (await incoming()).length >= textsWritten);
      await until('nothing to be on its way', async () => {
        const rows = await inTx((tx) =>
          tx.selectFrom('message_queue').select('message_id').where('number', '=', person).execute(),
        );
        return rows.length === 0;
      });
      await until('its runs to be over', async () => {
        const rows = await inTx((tx) =>
          tx.selectFrom('runs').select('id').where('flow_id', '=', flowId).where('state', '<>', 3).execute(),
        );
        return rows.length === 0;
      });
      const taken = new Set(['accepted', 'sent', 'delivered']);
      return {
        ends: (await history()).map(({ outcome, reason }) => `${outcome} ${codeOf(reason)}`),
        path: await path(),
        got: got(),
        unsent: (await outgoing())
          .filter(({ state }) => !taken.has(state))
          .map(({ body, state, reason }) => `${body ?? ''}: ${state} ${codeOf(reason)}`),
        wrote: (await incoming()).map((entry) => `${entry.body ?? ''}: ${entry.handled_by ?? ''}`),
      };
    },
  };
}
