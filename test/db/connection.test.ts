import { keptPlan, toldLater } from '@signalbox/engine/db/connection';
import { type Db, inWorkspace, openDb, readWorkspace } from '@signalbox/engine/db/database';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withRole } from '../support/cluster.ts';
import { testPasswords } from '../support/global-setup.ts';
import { type Harness, startHarness } from '../support/harness.ts';

let harness: Harness;
/** One connection, so that whatever one transaction leaves the next one meets. */
let db: Db;
beforeAll(async () => {
  harness = await startHarness({ work: false });
  db = openDb({
    appUrl: withRole(harness.ownerUrl, 'signalbox_app', testPasswords.app),
    routerUrl: withRole(harness.ownerUrl, 'signalbox_router', testPasswords.router),
    appConnections: 1,
    statementTimeoutMs: 300,
  });
});
afterAll(async () => {
  await db.close();
  await harness.close();
});

const workspaces = sql<{ n: number; mode: string; backend: number; depth: boolean }>`
  SELECT (SELECT count(*)::int FROM workspaces) AS n, current_setting('plan_cache_mode') AS mode, pg_backend_pid() AS backend,
    now() = statement_timestamp() AS depth`;
const look = async () => (await inWorkspace(db, harness.workspaceId, (tx) => workspaces.execute(tx))).rows[0];
/** What a transaction finds after another one, on the same connection. */
const clean = { n: 1, mode: 'auto' };

test('a transaction that does nothing leaves none open', async () => {
  await db.app.transaction().execute(async () => undefined);
  await expect(
    db.app.transaction().execute(async () => {
      throw new Error('before anything was asked');
    }),
  ).rejects.toThrow('before anything was asked');
  // Outside of one nothing is bound to a workspace.
  expect((await workspaces.execute(db.app)).rows[0]).toMatchObject({ n: 0, depth: true });
  expect(await look()).toMatchObject(clean);
});

test.each([
  ['that nobody can read', sql`SELEKT 1`, '42601'],
  ['that goes wrong', sql`SELECT 1 / (SELECT count(*) FROM workspaces WHERE false)`, '22012'],
  ['with values that goes wrong', sql`SELECT ${1}::int / 0`, '22012'],
  ['that takes too long', sql`SELECT pg_sleep(5)`, '57014'],
])('a first statement %s ends its transaction, and the next one is whole', async (_name, first, code) => {
  const { backend } = (await look()) ?? {};
  await expect(db.app.transaction().execute((tx) => first.execute(tx))).rejects.toMatchObject({ code });
  expect(await look()).toMatchObject({ ...clean, backend });
});

test('what a transaction sets is over with it, also where it is rolled back', async () => {
  const kept = (tail: string) =>
    inWorkspace(
      db,
      harness.workspaceId,
      async (tx) => {
        const { rows } = await sql<{
          mode: string;
        }>`${keptPlan} SELECT current_setting('plan_cache_mode') AS mode WHERE ${1} = 1`.execute(tx);
        expect(rows).toEqual([{ mode: 'force_generic_plan' }]);
        await sql.raw(tail).execute(tx);
      },
      'kept',
    );
  await kept('SELECT 1');
  expect(await look()).toMatchObject(clean);
  await expect(kept('SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' });
  expect(await look()).toMatchObject(clean);
  await kept('SELECT 1');
  await expect(
    readWorkspace(db, harness.workspaceId, (tx) => sql`UPDATE workspaces SET name = name`.execute(tx)),
  ).rejects.toMatchObject({ code: '25006' });
  await inWorkspace(db, harness.workspaceId, (tx) => sql`UPDATE workspaces SET name = name`.execute(tx));
});

test('what was done under a savepoint is undone alone, and what failed at the end is undone whole', async () => {
  const name = async () =>
    (await inWorkspace(db, harness.workspaceId, (tx) => sql<{ name: string }>`SELECT name FROM workspaces`.execute(tx)))
      .rows[0]?.name;
  const rename = (to: string) => sql`UPDATE workspaces SET name = ${to}`;
  await inWorkspace(db, harness.workspaceId, async (tx) => {
    await rename('kept').execute(tx);
    await sql`SAVEPOINT part`.execute(tx);
    await rename('undone').execute(tx);
    await sql`ROLLBACK TO SAVEPOINT part`.execute(tx);
  });
  expect(await name()).toBe('kept');
  await expect(
    inWorkspace(db, harness.workspaceId, async (tx) => {
      await rename('never').execute(tx);
      throw new Error('at the end');
    }),
  ).rejects.toThrow('at the end');
  expect(await name()).toBe('kept');
});

/** A name that a workspace cannot have. */
const refused = sql`${toldLater} UPDATE workspaces SET queue_weight = ${1_000}`;
const few = <T>(work: Parameters<typeof inWorkspace<T>>[2]) => inWorkspace(db, harness.workspaceId, work, 'new', 'few');

test('a statement that is told later is done in its place, and what it wrote is there for the next', async () => {
  const [seen] = await few(async (tx) => {
    await sql`${toldLater} UPDATE workspaces SET brand = ${'Later'}`.execute(tx);
    return (await sql<{ brand: string }>`SELECT brand FROM workspaces`.execute(tx)).rows;
  });
  expect(seen).toEqual({ brand: 'Later' });
});

test('its error is thrown by whatever comes next, or by the commit, and nothing is kept', async () => {
  const brand = async () =>
    (
      await inWorkspace(db, harness.workspaceId, (tx) =>
        sql<{ brand: string }>`SELECT brand FROM workspaces`.execute(tx),
      )
    ).rows[0]?.brand;
  const rebrand = (to: string) => sql`${toldLater} UPDATE workspaces SET brand = ${to}`;
  await expect(
    few(async (tx) => {
      await rebrand('Never').execute(tx);
      await refused.execute(tx);
      await sql`SELECT 1`.execute(tx);
    }),
  ).rejects.toMatchObject({ code: '23514' });
  await expect(
    few(async (tx) => {
      await rebrand('Never').execute(tx);
      await refused.execute(tx);
    }),
  ).rejects.toMatchObject({ code: '23514' });
  await expect(
    few(async (tx) => {
      await refused.execute(tx);
      throw new Error('at the end');
    }),
  ).rejects.toThrow('at the end');
  expect(await brand()).toBe('Later');
});

test('in a transaction that did not ask for it a statement is waited for whatever it begins with', async () => {
  await expect(
    inWorkspace(db, harness.workspaceId, async (tx) => {
      await sql`SAVEPOINT part`.execute(tx);
      await expect(refused.execute(tx)).rejects.toMatchObject({ code: '23514' });
      await sql`ROLLBACK TO SAVEPOINT part`.execute(tx);
      return (await sql<{ brand: string }>`SELECT brand FROM workspaces`.execute(tx)).rows[0]?.brand;
    }),
  ).resolves.toBe('Later');
});
