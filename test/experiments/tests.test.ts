import { publishFlow } from '@signalbox/engine/flows/publish';
import { shown } from '@signalbox/engine/http/ids';
import type { FlowGraph } from '@signalbox/nodes/flow/graph';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from '../api/client.ts';
import { endsOf, positionsOf } from '../support/code-runs.ts';
import { until } from '../support/harness.ts';
import { letIn } from '../support/let-in.ts';
import { ageLooks, givenIn, giveResults, testFlow, testOf, twoArms } from '../support/tested.ts';

let api: ApiHarness;
let used = 0;
let results = 4_000;
beforeAll(async () => {
  api = await startApiHarness({ work: true });
});
afterAll(() => api.close());

type Config = Parameters<typeof testFlow>[1];

const look = () => api.engine.maintenance.turn('tests', { all: true });
const read = async (id: string) => (await api.call('GET', `/api/v1/tests/${shown('test', id)}`)).body;

/** A live flow with a test, and people who have come to it. */
async function tested(size: number, config: Config = {}) {
  const event = `tested.event_${used}`;
  const { flowId } = await api.publish(event, testFlow(event, config));
  const contacts = size === 0 ? [] : await api.addContacts(size, used);
  used += size + 1;
  const { id } = await testOf(api, flowId);
  if (size > 0) await comeBy(flowId, contacts);
  if (size > 0)
    await until('everybody to be given something', async () => (await givenIn(api, id, contacts)).length === size);
  return { event, flowId, id, contacts };
}

const comeBy = (flowId: string, contacts: readonly string[]) => letIn(api, flowId, contacts);

const ended = (contacts: readonly string[], times = 1) =>
  until('everybody to be through', async () => {
    const ends = await endsOf(api, contacts);
    return (await positionsOf(api, contacts)).length === 0 && ends.length === contacts.length * times;
  });

async function clicks(test: { id: string; flowId: string }, a: [number, number], b: [number, number]) {
  const of = ([people, clicked]: [number, number]) => ({ people, clicked });
  await giveResults(api, test, { a: of(a), b: of(b) }, results);
  results += a[0] + b[0];
}

/** Publishes another version of a flow. */
async function republish(flowId: string, graph: FlowGraph) {
  const { workspaceId, engine } = api;
  await api.inTx(async (tx) => {
    await tx
      .updateTable('flows')
      .set({ graph: JSON.stringify(graph) })
      .where('id', '=', flowId)
      .execute();
    const nodes = engine.nodes;
    const done = await publishFlow({ ids: engine.ids, nodes }, { tx, workspaceId, now: new Date() }, flowId);
    expect(done.kind).toBe('published');
  });
}

describe('A test', () => {
  test('gives everybody one arm, has the rest wait, and sends them the winner, once', async () => {
    const { id, flowId, contacts } = await tested(80, { tested: 50, control_share: 20 });
    const before = await givenIn(api, id, contacts);
    const drawn = before.filter(({ decided_by }) => decided_by === 'draw');
    const waiting = before.filter(({ decided_by }) => decided_by === 'deadline');
    expect(before).toHaveLength(80);
    expect(drawn.length).toBeGreaterThan(20);
    expect(waiting.length).toBeGreaterThan(20);
    expect(new Set(before.map(({ arm }) => arm))).toEqual(new Set(['a', 'b']));
    await ended(drawn.map((row) => row.contact_id));
    await ageLooks(api, id);
    await look();
    expect(await read(id)).toMatchObject({
      state: 'running',
      waiting: waiting.length,
      seen: { verdict: { state: 'not_yet', waits_for: 'day' } },
    });
    await clicks({ id, flowId }, [300, 30], [300, 120]);
    await look();
    await ended(contacts);
    const after = await givenIn(api, id, contacts);
    expect(after.filter(({ decided_by }) => decided_by === 'draw')).toEqual(drawn);
    for (const row of after.filter(({ decided_by }) => decided_by !== 'draw'))
      expect(row).toMatchObject(
        row.keeps_control
          ? { arm: 'a', decided_by: 'control', propensity: 0.2 }
          : { arm: 'b', decided_by: 'winner', propensity: 0.8 },
      );
    expect(after.some(({ decided_by }) => decided_by === 'control')).toBe(true);
    const texts = await api.inTx(
      async (tx) =>
        (
          await sql<{ contact_id: string; bodies: string[] }>`
          SELECT contact_id, array_agg(body) AS bodies FROM messages WHERE flow_id = ${flowId} AND direction = 'out' GROUP BY contact_id ORDER BY contact_id`.execute(
            tx,
          )
        ).rows,
    );
    expect(texts.map(({ bodies }) => bodies.map((body) => body.startsWith('Offer')))).toEqual(
      after.map(({ arm }) => [arm === 'b']),
    );
    expect(await read(id)).toMatchObject({
      state: 'decided',
      waiting: 0,
      ended: { by: 'verdict', who: null, outcome: 'winner', winner: 'b' },
      seen: {
        arms: [
          { arm: 'a', known: 300, converted: 30 },
          { arm: 'b', known: 300, converted: 120, difference: { estimate: expect.closeTo(0.3) } },
        ],
      },
    });
    const moved = await testOf(api, flowId);
    expect(moved.rest_moved_at).not.toBeNull();

    // Whoever comes after the decision gets what won, and whoever comes again what they were given.
    const late = await api.addContacts(30, used);
    used += 30;
    await comeBy(flowId, [...late, ...contacts.slice(0, 5)]);
    await ended(late);
    await ended(contacts.slice(0, 5), 2);
    const latecomers = await givenIn(api, id, late);
    expect(latecomers.map(({ decided_by }) => decided_by === 'winner' || decided_by === 'control')).toEqual(
      late.map(() => true),
    );
    expect((await givenIn(api, id, contacts)).map(({ arm }) => arm)).toEqual(after.map(({ arm }) => arm));
  });

  test('whoever has waited long enough goes on by the weights, and stays there', async () => {
    const { id, contacts } = await tested(12, { tested: 1 });
    const waiting = (await givenIn(api, id, contacts)).filter(({ decided_by }) => decided_by === 'deadline');
    expect(waiting.length).toBeGreaterThan(5);
    await api.inTx((tx) =>
      tx
        .updateTable('enrollments')
        .set({ due_at: new Date(Date.now() - 1_000) })
        .where('contact_id', 'in', contacts)
        .where('state', '=', 3)
        .where('waiting_event', 'is not', null)
        .execute(),
    );
    await ended(contacts);
    expect((await givenIn(api, id, contacts)).filter(({ decided_by }) => decided_by === 'deadline')).toEqual(waiting);
  });

  test('goes on in a version that leaves its stakes alone, and another begins with other weights', async () => {
    const { id, event, flowId, contacts } = await tested(10, { tested: 1 });
    const renamed = twoArms.map((arm) => ({ ...arm, label: `${arm.label}!` }));
    await republish(flowId, testFlow(event, { tested: 1, arms: renamed, winner: 'by_hand' }));
    expect(await testOf(api, flowId)).toMatchObject({ id, state: 'running', version: 1 });
    expect(await read(id)).toMatchObject({ arms: renamed, winner_is_sent: 'by_hand' });
    const heavier = twoArms.map((arm, index) => ({ ...arm, weight: index + 1 }));
    await republish(flowId, testFlow(event, { arms: heavier }));
    const next = await testOf(api, flowId);
    expect(next).toMatchObject({ state: 'running', version: 3 });
    expect(await read(id)).toMatchObject({ state: 'stopped', ended: { by: 'version', winner: null } });
    // Whoever waited goes by the weights that they came under, and keeps that arm in the next test, in which they are not counted.
    await look();
    await ended(contacts);
    const given = await givenIn(api, id, contacts);
    await comeBy(flowId, contacts);
    await ended(contacts, 2);
    expect(await givenIn(api, next.id, contacts)).toEqual([]);
    expect(await givenIn(api, id, contacts)).toEqual(given);
  });

  test('of a step that is gone is over; whoever had an arm that is gone is drawn again, and counted apart', async () => {
    const three = [...twoArms, { id: 'c', label: 'Third', weight: 30 }];
    const { id, event, flowId, contacts } = await tested(20, { arms: three });
    await ended(contacts);
    const third = (await givenIn(api, id, contacts)).filter(({ arm }) => arm === 'c').map((row) => row.contact_id);
    expect(third.length).toBeGreaterThan(10);
    await republish(flowId, testFlow(event));
    const next = await testOf(api, flowId);
    await comeBy(flowId, contacts);
    await ended(contacts, 2);
    expect((await givenIn(api, next.id, contacts)).map((row) => row.contact_id)).toEqual([...third].sort());
    await ageLooks(api, next.id);
    await look();
    expect(await read(next.id)).toMatchObject({
      seen: {
        in_several_arms: third.length,
        arms: [{ people: 0 }, { people: 0 }],
        verdict: { state: 'blocked', reason: 'several_arms' },
      },
    });
    await republish(flowId, { ...testFlow(event), edges: [], steps: testFlow(event).steps.slice(0, 1) });
    expect(await testOf(api, flowId)).toMatchObject({ id: next.id, state: 'stopped', ended_by: 'version' });
    await republish(flowId, testFlow(event));
    expect(await testOf(api, flowId)).toMatchObject({ state: 'running', version: 4 });
  });

  test('is not decided under a step call that parks somebody for its decision', async () => {
    const { id, flowId } = await tested(0, { tested: 1 });
    const [contact = ''] = await api.addContacts(1, used);
    used += 1;
    const { workspaceId } = api;
    const answered = await api.inTx(async (tx) => {
      await sql`SELECT 1 FROM tests WHERE id = ${id} FOR SHARE`.execute(tx);
      const decision = api.call('POST', `/api/v1/tests/${shown('test', id)}/decide`, {
        body: { arm: 'b', reason: 'Shorter' },
      });
      await until('the decision to wait', async () => {
        const locks = await sql<{
          n: number;
        }>`SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`.execute(
          tx,
        );
        return (locks.rows[0]?.n ?? 0) > 0;
      });
      await tx
        .insertInto('test_assignments')
        .values({
          workspace_id: workspaceId,
          test_id: id,
          contact_id: contact,
          arm: 'a',
          propensity: 0.5,
          decided_by: 'deadline',
          assigned_at: new Date(),
        })
        .execute();
      const { live_version_id: versionId } = await tx
        .selectFrom('flows')
        .select('live_version_id')
        .where('id', '=', flowId)
        .executeTakeFirstOrThrow();
      await tx
        .insertInto('enrollments')
        .values({
          workspace_id: workspaceId,
          id: api.engine.ids.uuid(),
          flow_id: flowId,
          version_id: versionId ?? '',
          contact_id: contact,
          started_at: new Date(),
          state: 3,
          step: 1,
          waiting_event: `test.decided.${id}`,
          due_at: new Date(Date.now() + 3_600_000),
          due_outlet: 0,
          arrived_outlet: 0,
        })
        .execute();
      return { decision };
    });
    expect(await answered.decision).toMatchObject({ status: 200, body: { state: 'decided', waiting: 1 } });
    await ended([contact]);
    expect(await givenIn(api, id, [contact])).toMatchObject([{ arm: 'b', decided_by: 'winner' }]);
  });
});

describe('A decision by hand', () => {
  const decide = (id: string, body: object) => api.call('POST', `/api/v1/tests/${shown('test', id)}/decide`, { body });
  const stop = (id: string, body: object = { reason: 'Over' }) =>
    api.call('POST', `/api/v1/tests/${shown('test', id)}/stop`, { body });

  test('says what everybody gets, why and by whom, once', async () => {
    const { id } = await tested(0);
    expect(await decide(id, { arm: 'c', reason: 'Why' })).toMatchObject({
      status: 422,
      body: { errors: [{ path: ['arm'], code: 'arm_unknown' }] },
    });
    expect(await decide(id, { arm: 'b', reason: ' ' })).toMatchObject({ status: 422 });
    expect(await decide(id, { arm: 'b', reason: 'Shorter' })).toMatchObject({
      status: 200,
      body: { state: 'decided', ended: { by: 'hand', who: { kind: 'bearer' }, winner: 'b', reason: 'Shorter' } },
    });
    expect(await decide(id, { arm: 'a', reason: 'Changed my mind' })).toMatchObject({
      status: 409,
      body: { code: 'test_over' },
    });
    expect(await stop(id)).toMatchObject({ status: 409, body: { code: 'test_over' } });
    const trail = z
      .object({ data: z.array(z.looseObject({ action: z.string(), detail: z.unknown() })) })
      .parse((await api.call('GET', '/api/v1/audit')).body);
    expect(trail.data.find(({ action }) => action === 'test.decided')).toMatchObject({
      subject: shown('test', id),
      detail: { arm: 'b' },
    });
  });

  test('or that nothing wins: whoever waits goes by the weights', async () => {
    const { id, contacts } = await tested(10, { tested: 1 });
    const before = await givenIn(api, id, contacts);
    expect(await stop(id)).toMatchObject({
      status: 200,
      body: { state: 'stopped', ended: { winner: null, reason: 'Over' } },
    });
    await ended(contacts);
    expect(await givenIn(api, id, contacts)).toEqual(before);
  });
});

describe('Of a fixed plan', () => {
  test('nothing is measured before its people are there, and it is looked at once', async () => {
    const { id, flowId } = await tested(0, { plan: { kind: 'fixed', people: 400 }, winner: 'by_hand' });
    await clicks({ id, flowId }, [100, 10], [100, 60]);
    await ageLooks(api, id);
    await look();
    expect(await read(id)).toMatchObject({
      seen: {
        final: false,
        verdict: { state: 'not_yet', waits_for: 'people' },
        arms: [{ known: 100, converted: null, result: null, guardrails: null }, { difference: null }],
      },
    });
    await clicks({ id, flowId }, [120, 12], [120, 72]);
    await look();
    const final = await read(id);
    expect(final).toMatchObject({
      state: 'running',
      seen: { final: true, verdict: { state: 'winner', arm: 'b' }, arms: [{ converted: 22 }, { converted: 132 }] },
    });
    await clicks({ id, flowId }, [120, 120], [120, 0]);
    await ageLooks(api, id);
    await look();
    expect(await read(id)).toMatchObject({ seen: { final: true, arms: [{ converted: 22 }, { converted: 132 }] } });
  });

  test('that found nothing the control goes on', async () => {
    const { id, flowId } = await tested(0, { plan: { kind: 'fixed', people: 400 } });
    await clicks({ id, flowId }, [220, 50], [220, 52]);
    await ageLooks(api, id);
    await look();
    expect(await read(id)).toMatchObject({
      state: 'decided',
      ended: { by: 'verdict', outcome: 'no_difference', winner: 'a' },
    });
  });
});

describe('What is measured', () => {
  /** Ten people in arm b since two days, by what each of them did in the first day. */
  async function measured(config: Config, deeds: ReadonlyArray<(contact: string, at: Date) => Promise<unknown>>) {
    const { id, flowId } = await tested(0, { plan: { kind: 'sequential', people: 100 }, winner: 'by_hand', ...config });
    const contacts = await api.addContacts(10, results);
    results += 10;
    await api.inTx((tx) =>
      sql`INSERT INTO test_assignments (workspace_id, test_id, contact_id, arm, propensity, decided_by, assigned_at)
        SELECT ${api.workspaceId}::uuid, ${id}::uuid, x, 'b', 0.5, 'draw', now() - interval '2 days' FROM unnest(${contacts}::uuid[]) AS x`.execute(
        tx,
      ),
    );
    for (const [index, deed] of deeds.entries())
      await deed(contacts[index] ?? '', new Date(Date.now() - 47 * 3_600_000));
    await ageLooks(api, id);
    await look();
    return { id, flowId, contacts, arm: armSchema.parse(await read(id)).seen.arms[1] };
  }
  const armSchema = z.looseObject({ seen: z.looseObject({ arms: z.array(z.looseObject({})) }) });
  const order = (data: object, at?: Date) => (contact: string, then: Date) =>
    api.call('POST', '/api/v1/events', {
      body: {
        contact_id: shown('contact', contact),
        type: 'order.placed',
        data,
        occurred_at: (at ?? then).toISOString(),
      },
    });
  const goal = async () => {
    const made = await api.call('POST', '/api/v1/goals', {
      body: { name: `Ordered ${used}`, event: 'order.placed', value_field: 'total', currency: 'USD' },
    });
    return z.looseObject({ id: z.string() }).parse(made.body).id;
  };

  test('is revenue of a goal, within the time alone', async () => {
    const kind = { kind: 'revenue', goal: await goal() } as const;
    const { id, arm } = await measured({ metric: kind }, [
      order({ total: 20 }),
      order({ total: 30 }),
      order({ total: 500 }, new Date(Date.now() - 3_600_000)),
      order({ total: 700 }, new Date(Date.now() - 72 * 3_600_000)),
    ]);
    expect(arm).toMatchObject({
      known: 10,
      converted: 2,
      result: { estimate: expect.closeTo(5) },
      variance: expect.closeTo((400 + 900 - 250) / 9),
    });
    await api.call('PATCH', `/api/v1/goals/${kind.goal}`, { body: { archived: true }, headers: { 'if-match': '*' } });
    await ageLooks(api, id);
    await look();
    expect(await read(id)).toMatchObject({ seen: { verdict: { state: 'blocked', reason: 'goal_gone' } } });
  });

  test('is conversions, one a person however often', async () => {
    const twice = async (contact: string, at: Date) => {
      await order({ total: 1 })(contact, at);
      await order({ total: 1 })(contact, at);
    };
    const { arm } = await measured({ metric: { kind: 'conversion', goal: await goal() } }, [twice, order({})]);
    expect(arm).toMatchObject({ known: 10, converted: 2, variance: null });
  });

  test('is replies, and beside them who opted out, was reached, and was blocked', async () => {
    const { workspaceId, accountId } = api;
    const message = (direction: 'in' | 'out', more: object) => (contact: string, at: Date) =>
      api.inTx((tx) =>
        tx
          .insertInto('messages')
          .values({
            workspace_id: workspaceId,
            id: api.engine.ids.uuid(),
            contact_id: contact,
            account_id: accountId,
            direction,
            state: 'delivered',
            sender: '+1',
            number: '+1',
            body: 'x',
            segments: 1,
            encoding: 'GSM-7',
            created_at: at,
            ...more,
          })
          .execute(),
      );
    const reply = message('in', { handled_by: 'reply', state: 'received', provider_id: `r${used}` });
    const stop = message('in', { handled_by: 'compliance', state: 'received', provider_id: `s${used}` });
    let flowOf = '';
    const sent = (more: object) => (contact: string, at: Date) =>
      message('out', { flow_id: flowOf, accepted_at: at, ...more })(contact, at);
    const optOut = (contact: string, at: Date) =>
      api.inTx((tx) =>
        sql`INSERT INTO numbers (workspace_id, number, suppressed_at) SELECT workspace_id, phone, ${at} FROM contacts WHERE id = ${contact}
        ON CONFLICT (workspace_id, number) DO UPDATE SET suppressed_at = excluded.suppressed_at`.execute(tx),
      );
    const first = await measured({ metric: { kind: 'reply', goal: null } }, [reply, stop, optOut]);
    expect(first.arm).toMatchObject({ converted: 1, guardrails: { opted_out: 1, sent_to: 0 } });
    flowOf = first.flowId;
    const at = new Date(Date.now() - 47 * 3_600_000);
    const [, , , d = '', e = '', f = ''] = first.contacts;
    await sent({ delivered_at: at })(d, at);
    await sent({ state: 'failed', reason: JSON.stringify({ code: 'carrier_blocked' }) })(e, at);
    await sent({ delivered_at: at, flow_id: api.engine.ids.uuid() })(f, at);
    await ageLooks(api, first.id);
    await look();
    expect(armSchema.parse(await read(first.id)).seen.arms[1]).toMatchObject({
      guardrails: { opted_out: 1, sent_to: 2, delivered: 1, complained: 1 },
    });
  });
});

test('A split that is not as planned is no verdict, however sure', async () => {
  const { id, flowId } = await tested(0);
  await clicks({ id, flowId }, [500, 50], [300, 150]);
  await ageLooks(api, id);
  await look();
  expect(await read(id)).toMatchObject({
    state: 'running',
    seen: { verdict: { state: 'blocked', reason: 'sample_ratio' } },
  });
});

test('Tests are listed, the latest begun first, by state and by flow, with their looks', async () => {
  const { id, flowId } = await tested(0);
  await look();
  const list = z.object({
    data: z.array(z.looseObject({ id: z.string(), state: z.string() })),
    next_cursor: z.string().nullable(),
  });
  const first = list.parse((await api.call('GET', '/api/v1/tests?limit=2')).body);
  expect(first.data[0]).toMatchObject({ id: shown('test', id), flow: { id: shown('flow', flowId) } });
  const second = list.parse((await api.call('GET', `/api/v1/tests?limit=2&cursor=${first.next_cursor}`)).body);
  expect(second.data).toHaveLength(2);
  expect(second.data.map((each) => each.id)).not.toContain(shown('test', id));
  const running = list.parse((await api.call('GET', '/api/v1/tests?state=running')).body);
  expect(new Set(running.data.map(({ state }) => state))).toEqual(new Set(['running']));
  const own = list.parse((await api.call('GET', `/api/v1/tests?flow_id=${shown('flow', flowId)}`)).body);
  expect(own.data.map((each) => each.id)).toEqual([shown('test', id)]);
  expect((await api.call('GET', `/api/v1/tests/${shown('test', id)}/looks`)).body).toMatchObject({
    data: [{ began_at: null, verdict: { state: 'not_yet' } }],
  });
});
