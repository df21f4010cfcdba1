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
/** Between messages that become due, so that a machine of two cores keeps up with both sides. */
const paceMs = 15;
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

async function queueRaces(count: number, prefix: string, start: Date): Promise<Race[]> {
  const { engine, workspaceId, sender } = harness;
  const all = Array.from({ length: count }, (_, index) => ({
    messageId: engine.ids.uuid(),
    number: `${prefix}${String(index).padStart(6, '0')}`,
    dueMs: index * paceMs,
    contactId: engine.ids.uuid(),
  }));
  for (let from = 0; from < count; from += 1_000) {
    const page = all.slice(from, from + 1_000);
    await harness.inTx(async (tx) => {
      await tx
        .insertInto('numbers')
        .values(page.map(({ number }) => ({ workspace_id: workspaceId, number })))
        .execute();
      const times = { created_at: start, updated_at: start };
      await tx
        .insertInto('contacts')
        .values(page.map(({ contactId: id, number: phone }) => ({ workspace_id: workspaceId, id, phone, ...times })))
        .execute();
      await queueMessages(
        { tx, workspaceId, now: start },
        { flowId: null },
        page.map(({ messageId: id, contactId, number, dueMs }) => ({
          id,
          contactId,
          number,
          sender,
          routeId: null,
          enrollmentId: null,
          hop: null,
          draft: { text: 'Hello', purpose: 'transactional', lane: 'campaign' },
          later: { until: new Date(start.getTime() + dueMs), reason: { code: 'scheduled' } },
          exemption: null,
        })),
      );
    });
  }
  return all;
}

/** Runs them all; `ask` is the gate that claims ask. */
async function race(
  count: number,
  prefix: string,
  ask: typeof askGate,
): Promise<{ claimed: number; refused: number; late: number }> {
  const { engine, workspaceId, accountId } = harness;
  const random = seeded(seed);
  const start = new Date(Date.now() + 500 + count);
  const all = await queueRaces(count, prefix, start);
  const epoch = await takeShard(claimDb, 0, new Date());
  const end = start.getTime() + count * paceMs + 100;
  const claiming = Array.from({ length: claimers }, async () => {
    while (true) {
      const now = new Date();
      const takes = (await readyTakes(claimDb, now, 5)).filter(({ backlog }) => backlog.lane > lastUrgentLane);
      if (takes.length === 0) {
        if (now.getTime() > end) return;
        await sleep(1);
        continue;
      }
      await inWorkspace(claimDb, workspaceId, (tx) =>
        claimMessages(
          { ids: engine.ids, ask },
          { tx, workspaceId, now },
          {
            accountId,
            shard: 0,
            epoch,
            takes,
            leaseMs: 20_000,
            referenceRoom: 0,
            askCostAfterMs: null,
            unknownLineMs: 30_000,
          },
        ),
      );
    }
  });
  // A STOP takes a while to commit, on a busy machine longer: it begins so much earlier.
  let takesMs = 20;
  const stops = all.map(async ({ number, dueMs }) => {
    const at = start.getTime() + dueMs + (random() * 2 - 1) * nearMs;
    await sleep(Math.max(0, at - 200 - Date.now()));
    await sleep(Math.max(0, at - takesMs - Date.now()));
    const began = Date.now();
    const told = { accountId, providerId: `stop-${number}`, from: number, to: harness.sender.address, body: 'STOP' };
    await inWorkspace(harness.db, workspaceId, (tx) =>
      receiveText(
        engine.arrivalDeps,
        { tx, workspaceId, now: new Date() },
        { ...told, media: [], carrierWord: null, part: null, trusted: true },
      ),
    );
    takesMs = Math.min(200, 0.9 * takesMs + 0.1 * (Date.now() - began));
  });
  await Promise.all([...claiming, ...stops]);
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
