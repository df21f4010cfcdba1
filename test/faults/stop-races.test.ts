import { setTimeout as sleep } from 'node:timers/promises';
import { type Db, inWorkspace, openDb } from '@signalbox/engine/db/database';
import { receiveText } from '@signalbox/engine/inbound/inbound';
import { claimMessages } from '@signalbox/engine/sending/claim';
import { queueMessages } from '@signalbox/engine/sending/queue';
import { takeShard } from '@signalbox/engine/sending/shards';
import { lastUrgentLane } from '@signalbox/engine/sending/turns';
import { askGate } from '@signalbox/nodes/gate/gate';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withRole } from '../support/cluster.ts';
import { testPasswords } from '../support/global-setup.ts';
import { type Harness, startHarness } from '../support/harness.ts';
import { readyTakes } from '../support/ready-takes.ts';
import { seeded } from '../support/seeded.ts';

/**
 * People text STOP within 50 ms of the moment at which their message can be claimed, before or after, while several claim. PostgreSQL
 * says which transaction committed first (`track_commit_timestamp`): the one that wrote the attempt, or the one that suppressed the number.
 */

const races = Number(process.env['STOP_RACES'] ?? 400);
const seed = Number(process.env['KILL_SEED'] ?? 20_261_130);
/** Messages of a round become due one after the other, so that a machine of two cores keeps up with both sides. */
const perRound = 25;
const paceMs = 15;
/** From when a round is queued until its first message is due. */
const leadMs = 250;
const nearMs = 50;
const claimers = 3;

let harness: Harness;
/** Claims have connections of their own, as a dispatcher in another process does: STOPs in a row must not keep them waiting. */
let claimDb: Db;
beforeAll(async () => {
  harness = await startHarness({ work: false });
  claimDb = openDb({
    appUrl: withRole(harness.ownerUrl, 'signalbox_app', testPasswords.app),
    routerUrl: withRole(harness.ownerUrl, 'signalbox_router', testPasswords.router),
  });
});
afterAll(async () => {
  await claimDb.close();
  await harness.close();
});

type Race = { readonly messageId: string; readonly number: string; readonly dueMs: number };

/** Queues a round of messages, due one after the other from `start`; `from` numbers were used before. */
async function queueRound(count: number, from: number, prefix: string, start: Date): Promise<Race[]> {
  const { engine, workspaceId, sender } = harness;
  const round = Array.from({ length: count }, (_, index) => ({
    messageId: engine.ids.uuid(),
    number: `${prefix}${String(from + index).padStart(6, '0')}`,
    dueMs: start.getTime() + index * paceMs,
    contactId: engine.ids.uuid(),
  }));
  await harness.inTx(async (tx) => {
    await tx
      .insertInto('numbers')
      .values(round.map(({ number }) => ({ workspace_id: workspaceId, number })))
      .execute();
    const times = { created_at: start, updated_at: start };
    await tx
      .insertInto('contacts')
      .values(round.map(({ contactId: id, number: phone }) => ({ workspace_id: workspaceId, id, phone, ...times })))
      .execute();
    await queueMessages(
      { tx, workspaceId, now: start },
      { flowId: null },
      round.map(({ messageId: id, contactId, number, dueMs }) => ({
        id,
        contactId,
        number,
        sender,
        routeId: null,
        enrollmentId: null,
        hop: null,
        draft: { text: 'Hello', purpose: 'transactional', lane: 'campaign' },
        later: { until: new Date(dueMs), reason: { code: 'scheduled' } },
        exemption: null,
      })),
    );
  });
  return round;
}

/** Claims until a round is over: until what is due after `end` is nothing. */
async function claimUntil(end: number, epoch: number, ask: typeof askGate): Promise<void> {
  const { engine, workspaceId, accountId } = harness;
  const fixed = {
    accountId,
    shard: 0,
    epoch,
    leaseMs: 20_000,
    referenceRoom: 0,
    askCostAfterMs: null,
    unknownLineMs: 30_000,
  };
  while (true) {
    const now = new Date();
    const takes = (await readyTakes(claimDb, now, 5)).filter(({ backlog }) => backlog.lane > lastUrgentLane);
    if (takes.length > 0)
      await inWorkspace(claimDb, workspaceId, (tx) =>
        claimMessages({ ids: engine.ids, ask }, { tx, workspaceId, now }, { ...fixed, takes }),
      );
    else if (now.getTime() > end) return;
    else await sleep(1);
  }
}

/** A STOP of one number, which is told at a moment. */
async function stopAt(number: string, at: number): Promise<void> {
  const { engine, workspaceId, accountId, sender } = harness;
  await sleep(Math.max(0, at - Date.now()));
  const told = { accountId, providerId: `stop-${number}`, from: number, to: sender.address, body: 'STOP' };
  await inWorkspace(harness.db, workspaceId, (tx) =>
    receiveText(
      engine.arrivalDeps,
      { tx, workspaceId, now: new Date() },
      { ...told, media: [], carrierWord: null, part: null, trusted: true },
    ),
  );
}

/** How many of these were claimed. */
async function countClaimed(ids: readonly string[]): Promise<number> {
  const rows = await inWorkspace(harness.db, harness.workspaceId, (tx) =>
    tx.selectFrom('message_attempts').select('message_id').where('message_id', 'in', ids).execute(),
  );
  return rows.length;
}

/** Runs them all, in rounds; `ask` is the gate that claims ask. */
async function race(
  count: number,
  prefix: string,
  ask: typeof askGate,
): Promise<{ claimed: number; refused: number; late: number }> {
  const random = seeded(seed);
  const epoch = await takeShard(claimDb, 0, new Date());
  const all: Race[] = [];
  // Both sides take a while to commit, on a busy machine longer: where claims won a round, the STOPs of the next begin earlier, and where
  // STOPs did, later, so that either wins about as often as the other, however fast they are.
  let earlierMs = 20;
  while (all.length < count) {
    const start = new Date(Date.now() + leadMs);
    const round = await queueRound(Math.min(perRound, count - all.length), all.length, prefix, start);
    all.push(...round);
    const end = start.getTime() + perRound * paceMs + nearMs;
    await Promise.all([
      ...Array.from({ length: claimers }, () => claimUntil(end, epoch, ask)),
      ...round.map(({ number, dueMs }) => stopAt(number, dueMs - earlierMs + (random() * 2 - 1) * nearMs)),
    ]);
    const claimed = await countClaimed(round.map(({ messageId }) => messageId));
    earlierMs += 2 * nearMs * (claimed / round.length - 0.5);
  }
  const owner = new pg.Client({ connectionString: harness.ownerUrl });
  await owner.connect();
  const { rows } = await owner.query<{ claimed: number; refused: number; late: number }>(
    `SELECT count(a.id)::int AS claimed, (count(*) FILTER (WHERE m.state = 'refused' AND m.reason ->> 'code' = 'suppressed'))::int AS refused,
       (count(*) FILTER (WHERE pg_xact_commit_timestamp(a.xmin) > pg_xact_commit_timestamp(n.xmin)))::int AS late
     FROM messages m JOIN numbers n ON n.workspace_id = m.workspace_id AND n.number = m.number
     LEFT JOIN message_attempts a ON a.workspace_id = m.workspace_id AND a.message_id = m.id
     WHERE m.id = ANY($1) AND n.suppressed_at IS NOT NULL`,
    [all.map(({ messageId }) => messageId)],
  );
  await owner.end();
  const [row] = rows;
  if (row === undefined) throw new Error('Nothing was counted.');
  return row;
}

describe('a STOP that comes within 50 ms of the claim', () => {
  test(
    'of two that commit, the first wins: nothing is claimed after a STOP',
    async () => {
      const { claimed, refused, late } = await race(races, '+1202500', askGate);
      console.log(`${races} STOPs beside their claims: ${claimed} claimed before, ${refused} refused, ${late} late.`);
      expect(late).toBe(0);
      // Each message is one or the other, and both happened often: else nothing raced.
      expect(claimed + refused).toBe(races);
      expect(Math.min(claimed, refused)).toBeGreaterThan(races / 50);
    },
    30_000 + races * 30,
  );

  test('a claim that does not ask whether the number is suppressed is found out', async () => {
    const { late } = await race(60, '+1202600', (facts, exemption) =>
      askGate({ ...facts, suppressedReason: null }, exemption),
    );
    expect(late).toBeGreaterThan(0);
  });
});
