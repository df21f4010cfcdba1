import { compileCondition } from '@signalbox/engine/segments/compile';
import { readRecords } from '@signalbox/engine/segments/facts';
import type { ConditionRecord } from '@signalbox/nodes/flow/condition-values';
import type { Condition } from '@signalbox/nodes/flow/conditions';
import { evaluate } from '@signalbox/nodes/flow/evaluate-condition';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiHarness, startApiHarness } from '../api/client.ts';
import { known, now, recordOf, somePeople, storePerson } from './people.ts';
import { someComparison, someCondition } from './some-conditions.ts';

let api: ApiHarness;
const people = new Map<string, ConditionRecord>();
beforeAll(async () => {
  api = await startApiHarness();
  const { workspaceId, accountId } = api;
  const started = new Date(now.getTime() - 1);
  await api.inTx(async (tx) => {
    for (const [kind, ids] of Object.entries({ list: known.list, segment: known.segment }))
      for (const id of ids)
        await (kind === 'list'
          ? sql`INSERT INTO contact_lists (workspace_id, id, kind, name, created_at, updated_at) VALUES (${workspaceId}, ${id}, 'list', ${id}, ${now}, ${now})`
          : sql`INSERT INTO segments (workspace_id, id, name, condition, watches, uses, state, recounted_at, created_at, updated_at) VALUES (${workspaceId}, ${id}, ${id}, '{}', '{}', '{}', 'ready', ${now}, ${now}, ${now})`
        ).execute(tx);
    for (const [at, one] of somePeople(250, 20_260_302).entries()) {
      const phone = `+1202556${1_000 + at}`;
      const place = { workspaceId, accountId, uuid: api.engine.ids.uuid, started };
      people.set(await storePerson(tx, place, one, phone), recordOf(one, phone, started));
    }
  });
}, 120_000);
afterAll(() => api.close());

type Answer = { readonly id: string; readonly holds: boolean | null };

/** What the database says of everybody, or of some. */
const ask = (condition: Condition, whom: readonly string[] | null): Promise<Answer[]> =>
  api.inTx(async (tx) => {
    const { workspaceId } = api;
    const { joins, holds } = compileCondition(condition, { workspaceId, now, whom, withDue: whom !== null });
    const rows = await sql<Answer>`
      SELECT c.id, ${holds} AS holds FROM contacts c ${joins} WHERE c.workspace_id = ${workspaceId} ${whom === null ? sql`` : sql`AND c.id = ANY(${[...whom]}::uuid[])`}`.execute(
      tx,
    );
    return rows.rows;
  });

/** Those of whom the database says otherwise than the evaluator. */
const disagreements = (condition: Condition, answers: readonly Answer[], say = evaluate) =>
  answers.flatMap(({ id, holds }) => {
    const record = people.get(id);
    if (record === undefined || holds === null) return [];
    const { result } = say(condition, record, now);
    return result === holds ? [] : [{ condition, holds, result, record }];
  });

test('the database and the evaluator agree on comparisons of every kind, of everybody of whom the database says anything', async () => {
  await fc.assert(
    fc.asyncProperty(someComparison, async (condition) => {
      const answers = await ask(condition, null);
      expect(answers).toHaveLength(people.size);
      expect(disagreements(condition, answers)).toEqual([]);
    }),
    { numRuns: Number(process.env.AGREEMENT_RUNS ?? 400) },
  );
}, 600_000);

test('and on conditions in groups of groups, of everybody at once as of some by id', async () => {
  const some = [...people.keys()].slice(0, 20);
  await fc.assert(
    fc.asyncProperty(someCondition, async (condition) => {
      const answers = await ask(condition, null);
      expect(disagreements(condition, answers)).toEqual([]);
      const of = new Map(answers.map(({ id, holds }) => [id, holds]));
      for (const { id, holds } of await ask(condition, some)) expect(holds).toBe(of.get(id));
    }),
    { numRuns: 150 },
  );
}, 600_000);

test('what is read for the evaluator is what there is', async () => {
  await fc.assert(
    fc.asyncProperty(someCondition, async (condition) => {
      const { workspaceId } = api;
      const read = await api.inTx((tx) => readRecords({ tx, workspaceId }, condition, [...people.keys()]));
      for (const [id, record] of people) {
        const other = read.get(id);
        expect(other === undefined ? null : evaluate(condition, other, now).result).toBe(
          evaluate(condition, record, now).result,
        );
      }
    }),
    { numRuns: 40 },
  );
}, 600_000);

test('plain texts, numbers, days and events are never left to the evaluator', async () => {
  const sure: readonly Condition[] = [
    { field: 'contact.phone', op: 'starts_with', value: '+1202' },
    { field: 'contact.created_at', op: 'within_last_days', value: 30 },
    { field: 'consent.marketing', op: 'is', value: 'granted' },
    { field: 'events.order.placed', op: 'never_happened', within_days: 30 },
    { not: { field: 'messages.sent', op: 'count_at_least', value: 2 } },
  ];
  for (const condition of sure) expect((await ask(condition, null)).filter(({ holds }) => holds === null)).toEqual([]);
});

test('a window that is off by a millisecond is noticed', async () => {
  const late: typeof evaluate = (condition, record, at) => evaluate(condition, record, new Date(at.getTime() + 1));
  const planted = async () => {
    const condition: Condition = { field: 'contact.created_at', op: 'within_last_days', value: 30 };
    return disagreements(condition, await ask(condition, null), late);
  };
  expect((await planted()).length).toBeGreaterThan(0);
});
