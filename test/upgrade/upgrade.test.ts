import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { migrate } from '@signalbox/engine/db/migrate';
import type { MessageState } from '@signalbox/engine/db/states';
import { releaseFlowPeople, resumeFlow } from '@signalbox/engine/flows/lifecycle';
import pg from 'pg';
import { afterEach, describe, expect, test } from 'vitest';
import { phonesOf, positionsOf } from '../support/code-runs.ts';
import { testPasswords } from '../support/global-setup.ts';
import { businessNumber, type Harness, startHarness, until } from '../support/harness.ts';
import { strandedEnrollments } from '../support/ownership.ts';
import { restoreDump } from './dump.ts';
import { keptTables } from './everything.ts';
import { first } from './people.ts';

const dumps = globSync('*.sql.gz', { cwd: import.meta.dirname }).map((file) => basename(file, '.sql.gz'));
const hour = 3_600_000;

const closers: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Text in which every instant, as PostgreSQL or as JSON writes it, is so much later. */
function moved(text: string, byMs: number): string {
  return text.replace(
    /(\d{4}-\d\d-\d\d)([ T])(\d\d:\d\d:\d\d)(\.\d+)?(\+00|Z)/g,
    (_, day: string, between: string, time: string, fraction: string | undefined, zone: string) => {
      const later = new Date(Date.parse(`${day}T${time}Z`) + byMs).toISOString();
      return `${later.slice(0, 10)}${between}${later.slice(11, 19)}${fraction ?? ''}${zone}`;
    },
  );
}

/** Restores a dump as if it had been written three hours ago, brings it up to date, and starts an engine on it. */
async function upgrade(name: string): Promise<Harness & { readonly dump: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-upgraded-'));
  closers.push(async () => rmSync(folder, { recursive: true, force: true }));
  const ledgerFile = join(folder, 'ledger.jsonl');
  const dump = gunzipSync(readFileSync(join(import.meta.dirname, `${name}.sql.gz`))).toString('utf8');
  const written = Date.parse(
    /'(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.\d]*\+00)'/.exec(/INSERT INTO "workspaces".*/.exec(dump)?.[0] ?? '')?.[1] ?? '',
  );
  // The clock is everybody's: Temporal has no other, so what was written moves, and not the clock. Whole seconds keep fractions as they are.
  const byMs = Math.floor((Date.now() - 3 * hour - written) / 1_000) * 1_000;
  const ledger = readFileSync(join(import.meta.dirname, `${name}.ledger.jsonl`), 'utf8');
  writeFileSync(
    ledgerFile,
    moved(ledger, byMs).replace(/:(\d{13})\b/g, (_, at: string) => `:${Number(at) + byMs}`),
  );
  const harness = await startHarness({
    carrier: { ledgerFile },
    dispatch: { leaseMs: 4_000, httpTimeoutMs: 2_000, marginMs: 200, lookupEveryMs: 500, unknownLineMs: 1_000 },
    database: async (ownerUrl) => {
      await restoreDump(ownerUrl, moved(dump, byMs));
      await migrate({ ownerUrl, appPassword: testPasswords.app, routerPassword: testPasswords.router });
      const owner = new pg.Client({ connectionString: ownerUrl });
      await owner.connect();
      const { rows } = await owner.query<{ id: string; workspace_id: string }>('SELECT id, workspace_id FROM accounts');
      await owner.end();
      return { accountId: rows[0]?.id ?? '', workspaceId: rows[0]?.workspace_id ?? '' };
    },
  });
  closers.push(harness.close);
  return { ...harness, dump };
}

/** The people of a group, by the numbers in their names. */
async function group(harness: Harness, from: number): Promise<{ ids: string[]; phones: string[] }> {
  const rows = await harness.inTx((tx) =>
    tx.selectFrom('contacts').select(['id', 'first_name']).orderBy('id').execute(),
  );
  const ids = rows
    .filter(({ first_name: name }) => {
      const number = Number(name?.replace('Person ', ''));
      return number >= from && number < from + 10;
    })
    .map((row) => row.id);
  return { ids, phones: await phonesOf(harness, ids) };
}

describe.each(dumps)('a database as %s left it', (name) => {
  test('is brought up to date in place: everyone goes on, nobody is texted twice or newly refused', async () => {
    const harness = await upgrade(name);
    const { carrier } = harness;
    const [waiting, due, flying, held, inCode, sleeping, gone] = await Promise.all(
      [first.waiting, first.due, first.flying, first.held, first.code, first.sleeping, first.gone].map((from) =>
        group(harness, from),
      ),
    );
    if (!waiting || !due || !flying || !held || !inCode || !sleeping || !gone) throw new Error('A group is missing.');
    const texts = (phone: string) =>
      carrier.ledger.ofPhone(phone).flatMap((message) => (message.origin === 'api' ? [message.body] : []));
    const all = (phones: readonly string[], count: number) => () =>
      phones.every((phone) => texts(phone).length === count);
    const question = expect.stringMatching(/^Want tips, Person \d+\? Reply YES$/);

    // What was set is as it was.
    const owner = new pg.Client({ connectionString: harness.ownerUrl });
    await owner.connect();
    for (const table of keptTables) {
      const { rows } = await owner.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
      const left = harness.dump.match(new RegExp(`^INSERT INTO "${table}"`, 'gm'))?.length ?? 0;
      expect(rows[0]?.n, table).toBeGreaterThanOrEqual(left);
    }
    await owner.end();

    // Whose time came meanwhile, and who slept in a run that Temporal has forgotten.
    await until('the texts of those who were due', all([...due.phones, ...sleeping.phones], 1), 60_000);
    // Texts that were queued go out; those with the carrier are looked up and not sent again.
    await until('those in flight to have their question', all(flying.phones, 1), 60_000);
    await until(
      'those in flight to wait for their reply',
      async () =>
        (await positionsOf(harness, flying.ids)).filter((row) => row.waiting_event === 'message.received').length === 5,
      60_000,
    );
    for (const phone of [...waiting.phones, ...flying.phones]) carrier.text(phone, businessNumber, 'yes');
    for (const phone of inCode.phones) carrier.text(phone, businessNumber, 'fine');
    await until('the answers to be answered', all([...waiting.phones, ...flying.phones], 2), 60_000);
    await until('the flow in code to go on', all(inCode.phones, 3), 60_000);

    // Who is held stays held until somebody resumes, and a new person comes in by the keyword.
    expect((await positionsOf(harness, held.ids)).map((row) => row.state)).toEqual([4, 4]);
    const paused = await harness.inTx((tx) =>
      tx.selectFrom('flows').select('id').where('state', '=', 'paused').executeTakeFirstOrThrow(),
    );
    await harness.inTx((tx) => resumeFlow({ tx, workspaceId: harness.workspaceId, now: new Date() }, paused.id));
    const { engine } = harness;
    await releaseFlowPeople(engine.cohortDeps, harness.workspaceId, paused.id, (runs) => engine.starter.start(runs));
    await until('who was held to go on', all(held.phones, 2), 60_000);
    carrier.text('+12025550177', businessNumber, 'OFFERS');
    await until('a newcomer to be asked', all(['+12025550177'], 1), 60_000);

    expect(texts(waiting.phones[0] ?? '')).toEqual([question, 'Tips are on.']);
    expect(texts(due.phones[0] ?? '')).toEqual(['Two hours have passed.']);
    expect(texts(sleeping.phones[0] ?? '')).toEqual(['Fifty minutes have passed.']);
    expect(texts(inCode.phones[0] ?? '')).toEqual(['Ask', 'Thanks', 'Last']);
    expect(gone.phones.flatMap(texts)).toEqual([question, expect.stringContaining('You are unsubscribed')]);
    expect(carrier.ledger.repeats()).toEqual([]);
    await until(
      'everyone else to end',
      async () => {
        const left = await harness.inTx((tx) => tx.selectFrom('enrollments').select('contact_id').execute());
        return left.length === 1;
      },
      60_000,
    );
    const ends = await harness.inTx((tx) =>
      tx.selectFrom('enrollment_history').select(['outcome', 'contact_id']).execute(),
    );
    expect(ends.filter((end) => !gone.ids.includes(end.contact_id)).map((end) => end.outcome)).toEqual(
      Array.from({ length: 17 }, () => 'finished'),
    );
    // The carrier has the newcomer's text before we have written down that it took it.
    const outside = (...states: readonly MessageState[]) =>
      harness.inTx((tx) =>
        tx
          .selectFrom('messages')
          .select(['state', 'body', 'reason'])
          .where('direction', '=', 'out')
          .where('state', 'not in', states)
          .execute(),
      );
    const wellSent = ['accepted', 'delivered'] as const;
    expect(await outside('queued', ...wellSent)).toEqual([]);
    await until('no text to be left', async () => (await outside(...wellSent)).length === 0);
    expect(await strandedEnrollments(harness.ownerUrl)).toEqual([]);
  }, 180_000);
});
