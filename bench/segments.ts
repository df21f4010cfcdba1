import { openDb, readWorkspace } from '@signalbox/engine/db/database';
import { showId } from '@signalbox/engine/runtime/ids';
import { countCondition } from '@signalbox/engine/segments/preview';
import { type Condition, conditionSchema } from '@signalbox/nodes/flow/conditions';
import { percentile, printFigures } from './support/figures.ts';
import { asRecord, type Stack, startStack, waitFor } from './support/stack.ts';

const list = 'lst_00000000000000000000000001';
const listUuid = '00000000-0000-0000-0000-000000000001';

/** What is counted, by the name that a figure has for it. */
const conditions: Readonly<Record<string, Condition>> = {
  field_and_consent: conditionSchema.parse({
    all: [
      { field: 'contact.attributes.plan', op: 'is', value: 'Gold' },
      { field: 'consent.marketing', op: 'is', value: 'granted' },
    ],
  }),
  never: conditionSchema.parse({ field: 'events.order.placed', op: 'never_happened' }),
  window: conditionSchema.parse({
    field: 'events.order.placed',
    op: 'count_at_least',
    value: 2,
    within_days: 30,
  }),
  sum: conditionSchema.parse({
    all: [
      { field: 'events.order.placed', op: 'sum_at_least', of: 'total', value: 150, within_days: 90 },
      { field: 'contact.attributes.points', op: '>=', value: 100 },
    ],
  }),
  nested: conditionSchema.parse({
    all: [
      {
        any: [
          { field: 'contact.lists', op: 'includes', value: list },
          { field: 'contact.created_at', op: 'within_last_days', value: 100 },
        ],
      },
      {
        not: {
          any: [
            { field: 'contact.blocked', op: 'is_true' },
            { field: 'links.clicked', op: 'happened', within_days: 60 },
          ],
        },
      },
    ],
  }),
};

/**
 * Counts five conditions over a million people, keeps two segments of them while people place orders, and counts these anew as every night.
 *
 * @param options `people` (1,000,000), `samples` (20 of each condition, 50 orders), `quick` for a look.
 */
export async function run(options: ReadonlyMap<string, string>): Promise<void> {
  const quick = options.has('quick');
  const people = Number(options.get('people') ?? (quick ? 20_000 : 1_000_000));
  const samples = Number(options.get('samples') ?? (quick ? 5 : 20));
  const stack = await startStack({ roles: ['api,worker'] });
  const url = new URL(stack.ownerUrl);
  url.username = 'signalbox_app';
  url.password = 'app';
  const db = openDb({ appUrl: url.href, routerUrl: url.href });
  try {
    await fill(stack, people);
    const figures: Record<string, string | number> = { people, samples };
    const all: number[] = [];
    for (const [name, condition] of Object.entries(conditions)) {
      const times: number[] = [];
      let size = 0;
      for (let sample = 0; sample <= samples; sample += 1) {
        const began = performance.now();
        size = await readWorkspace(db, stack.workspaceId, (tx) =>
          countCondition({ tx, workspaceId: stack.workspaceId, now: new Date() }, condition),
        );
        // The first one reads what is not in memory yet.
        if (sample > 0) times.push(performance.now() - began);
      }
      all.push(...times);
      figures[`count_ms ${name} p50, p95 (of ${size} people)`] =
        `${percentile(times, 0.5).toFixed(0)}, ${percentile(times, 0.95).toFixed(0)}`;
      console.log(name, figures[`count_ms ${name} p50, p95 (of ${size} people)`]);
    }
    figures['count_ms'] = percentile(all, 0.95).toFixed(0);
    const previews: number[] = [];
    for (const condition of Object.values(conditions)) {
      const began = performance.now();
      await stack.api('POST', '/segments/preview', { condition });
      previews.push(performance.now() - began);
    }
    figures['preview_ms p50, highest (count, ten people, who can be written to)'] =
      `${percentile(previews, 0.5).toFixed(0)}, ${Math.max(...previews).toFixed(0)}`;
    await keep(stack, figures, quick ? 10 : 50);
    printFigures(figures);
  } finally {
    await db.close();
    await stack.close();
  }
}

/** People with fields, consent and orders, of whom two in five never placed one. */
async function fill({ owner, workspaceId }: Stack, people: number): Promise<void> {
  // Nobody listens yet, and what is put in fits: triggers and foreign keys would only take time.
  await owner.query(
    "SET synchronous_commit = off; SET maintenance_work_mem = '256MB'; SET session_replication_role = 'replica'",
  );
  const fill = async (text: string) => {
    await owner.query(text.replaceAll('$1', `'${workspaceId}'::uuid`).replaceAll('$2', String(people)));
  };
  const idOf = (i: string) => `md5((${i})::text || 'benchmark')::uuid`;
  /** A number below another, the same for each row of every run. */
  const drawn = (what: string, below: string) => `(abs(hashtext('${what}' || i)) % ${below})::int`;
  await fill(
    `INSERT INTO numbers (workspace_id, number, suppressed_at) SELECT $1, '+1202' || (5000000 + i), CASE WHEN i % 50 = 0 THEN now() END FROM generate_series(1, $2) i`,
  );
  await fill(`INSERT INTO contacts (workspace_id, id, phone, first_name, attributes, created_at, updated_at)
    SELECT $1, ${idOf('i')}, '+1202' || (5000000 + i), (ARRAY['Ada', 'José', 'Grace', 'Иван', 'Zoë'])[1 + i % 5] || ' ' || i,
      jsonb_build_object('plan', (ARRAY['gold', 'Silver', 'basic'])[1 + i % 3], 'points', i % 500, 'city', (ARRAY['Oslo', 'München', 'Rome', 'Łódź'])[1 + i % 4], 'birthday', '1980-01-01'),
      now() - make_interval(days => i % 1000), now() FROM generate_series(1, $2) i`);
  await fill(
    `INSERT INTO consents (workspace_id, contact_id, purpose, state, since) SELECT $1, ${idOf('i')}, 'marketing', CASE WHEN i % 10 = 0 THEN 'revoked' ELSE 'granted' END, now() FROM generate_series(1, $2) i WHERE i % 5 > 1`,
  );
  await fill(`INSERT INTO events (workspace_id, id, type, contact_id, data, occurred_at, recorded_at)
    SELECT $1, md5('order' || i)::uuid, 'order.placed', ${idOf(`1 + ${drawn('who', '($2 * 3 / 5)')}`)}, jsonb_build_object('total', 5 + i % 100), now() - make_interval(mins => ${drawn('when', '525600')}), now() FROM generate_series(1, $2 * 3 / 2) i`);
  await fill(`INSERT INTO events (workspace_id, id, type, contact_id, data, occurred_at, recorded_at)
    SELECT $1, md5('click' || i)::uuid, 'link.clicked', ${idOf(`1 + ${drawn('clicks', '$2')}`)}, '{}', now() - make_interval(mins => ${drawn('clicked', '525600')}), now() FROM generate_series(1, $2 / 2) i`);
  await fill(
    `INSERT INTO contact_lists (workspace_id, id, kind, name, created_at, updated_at) VALUES ($1, '${listUuid}', 'list', 'Benchmark', now(), now())`,
  );
  await fill(
    `INSERT INTO contact_list_members (workspace_id, list_id, contact_id, at) SELECT $1, '${listUuid}', ${idOf('i')}, now() FROM generate_series(1, $2) i WHERE i % 4 = 0`,
  );
  for (const table of ['numbers', 'contacts', 'consents', 'events', 'contact_list_members'])
    await owner.query(`VACUUM ANALYZE ${table}`);
  await owner.query("SET synchronous_commit = on; SET session_replication_role = 'origin'");
}

/** Builds two segments, lets people place orders until each is where they belong, and counts everybody anew. */
async function keep(stack: Stack, figures: Record<string, string | number>, orders: number): Promise<void> {
  const { owner, workspaceId } = stack;
  const ready = async (): Promise<boolean> =>
    (
      await owner.query(
        "SELECT 1 FROM segments WHERE state <> 'ready' OR cursor IS NOT NULL OR recounted_at < now() - interval '1 hour'",
      )
    ).rowCount === 0;
  const built = performance.now();
  for (const name of ['never', 'window']) await stack.api('POST', '/segments', { name, condition: conditions[name] });
  await waitFor('the segments to be built', ready, 1_800_000, 100);
  figures['build_s (two segments, everybody asked)'] = ((performance.now() - built) / 1_000).toFixed(1);
  const { id } = asRecord((await owner.query("SELECT id FROM segments WHERE name = 'never'")).rows[0]);
  const whole = await owner.query<{ id: string }>(
    'SELECT contact_id AS id FROM segment_members WHERE segment_id = $1 ORDER BY contact_id LIMIT $2',
    [id, orders],
  );
  const times: number[] = [];
  for (const person of whole.rows) {
    const began = performance.now();
    await stack.api('POST', '/events', {
      type: 'order.placed',
      contact_id: showId('con', person.id),
      data: { total: 10 },
    });
    const isIn = async (): Promise<boolean> =>
      (
        await owner.query(
          'SELECT 1 FROM segment_members WHERE workspace_id = $1 AND segment_id = $2 AND contact_id = $3',
          [workspaceId, id, person.id],
        )
      ).rowCount === 1;
    await waitFor('the segment to follow', async () => !(await isIn()), 10_000, 2);
    times.push(performance.now() - began);
  }
  figures['membership_ms p50, p95 (from the report of an event)'] =
    `${percentile(times, 0.5).toFixed(0)}, ${percentile(times, 0.95).toFixed(0)}`;
  await owner.query("UPDATE segments SET recounted_at = now() - interval '25 hours'");
  const recounted = performance.now();
  await waitFor('the segments to be counted anew', ready, 1_800_000, 100);
  figures['recount_s'] = ((performance.now() - recounted) / 1_000).toFixed(1);
  const { mended } = asRecord((await owner.query('SELECT sum(mended)::int AS mended FROM segments')).rows[0]);
  figures['recount_differences'] = Number(mended);
}
