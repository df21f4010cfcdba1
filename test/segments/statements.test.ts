import { statements } from '@signalbox/engine/db/connection';
import { lockSegments, settlePeople } from '@signalbox/engine/segments/members';
import { countCondition } from '@signalbox/engine/segments/preview';
import type { Condition } from '@signalbox/nodes/flow/conditions';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiHarness, startApiHarness } from '../api/client.ts';

let api: ApiHarness;
let people: string[] = [];
const segmentId = '018f0000-0000-7000-8000-000000000900';
beforeAll(async () => {
  api = await startApiHarness();
  people = await api.addContacts(600);
  const { workspaceId } = api;
  await api.inTx((tx) =>
    sql`INSERT INTO segments (workspace_id, id, name, condition, watches, uses, state, recounted_at, created_at, updated_at)
      VALUES (${workspaceId}, ${segmentId}, 'Counted', '{}', '{}', '{}', 'ready', now(), now(), now())`.execute(tx),
  );
});
afterAll(() => api.close());

/** Never, in a window, with data, and of texts that only the evaluator can read. */
const conditions: readonly Condition[] = [
  { field: 'events.order.placed', op: 'never_happened' },
  { field: 'events.order.placed', op: 'count_at_least', value: 2, within_days: 30 },
  {
    any: [
      { field: 'contact.first_name', op: 'is', value: '👍' },
      { field: 'messages.sent', op: 'never_happened', within_days: 7 },
    ],
  },
];

const asked = async (condition: Condition, ids: readonly string[]): Promise<number> =>
  api.inTx(async (tx) => {
    const work = { tx, workspaceId: api.workspaceId, now: new Date() };
    expect(await lockSegments(work)).toBe(true);
    const before = statements.count;
    await settlePeople(api.engine, work, { id: segmentId, condition }, ids, true);
    return statements.count - before;
  });

test.each(conditions)('asking people makes as many statements for one as for hundreds: %j', async (condition) => {
  const one = await asked(condition, people.slice(0, 1));
  expect(await asked(condition, people.slice(1, 501))).toBe(one);
  expect(one).toBeLessThanOrEqual(8);
});

test.each(conditions)(
  'counting everybody is one statement, and one that makes room for it, where the database can tell: %j',
  async (condition) => {
    const made = await api.inTx(async (tx) => {
      const before = statements.count;
      await countCondition({ tx, workspaceId: api.workspaceId, now: new Date() }, condition);
      return statements.count - before;
    });
    expect(made).toBeLessThanOrEqual(2);
  },
);
