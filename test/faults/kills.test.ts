import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '@signalbox/launcher/ports';
import { flow } from '@signalbox/nodes/flow/builder';
import { end } from '@signalbox/nodes/library/end/end';
import { branch } from '@signalbox/nodes/library/logic/branch';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { checkConsent } from '@signalbox/nodes/library/people/check-consent';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import pg from 'pg';
import { expect, test } from 'vitest';
import { type EngineProcess, startEngineProcess } from '../support/engine-process.ts';
import { startHarness, until } from '../support/harness.ts';
import { letIn } from '../support/let-in.ts';
import { strandedEnrollments } from '../support/ownership.ts';
import { seeded } from '../support/seeded.ts';

/** Two campaigns are struck side by side: a new engine waits for the leases of the one before for most of its time. */
const campaigns = 2;
const people = 1_000;
const kills = 10;
const seed = Number(process.env['KILL_SEED'] ?? 20_261_122);

function campaign() {
  const w = flow('Campaign');
  const start = w.step('start', apiEvent, { event: 'started' });
  const check = w.step('check', checkConsent, { purpose: 'marketing' });
  const half = w.step('half', branch, {
    branches: [{ id: 'even', label: 'Even', condition: { field: 'contact.first_name', op: 'ends_with', value: '0' } }],
  });
  const a = w.step('a', sendSms, { text: 'Even offer for {{ contact.first_name }}', purpose: 'marketing' });
  const b = w.step('b', sendSms, { text: 'Odd offer for {{ contact.first_name }}', purpose: 'marketing' });
  const done = w.step('done', end, {});
  start.to('next', check);
  check.to('yes', half).to('no', done);
  half.to('even', a).to('else', b);
  a.to('sent', done);
  b.to('sent', done);
  return w.graph();
}

/** Writes down every attempt that ever becomes unknown: what is resolved later must count too. */
async function logUnknowns(
  ownerUrl: string,
): Promise<{ readonly count: () => Promise<number>; readonly close: () => Promise<void> }> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  await owner.query(`
    CREATE TABLE unknown_log (attempt_id uuid PRIMARY KEY);
    CREATE FUNCTION log_unknown() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
      $$ BEGIN INSERT INTO unknown_log VALUES (NEW.id) ON CONFLICT DO NOTHING; RETURN NULL; END $$;
    CREATE TRIGGER log_unknown AFTER UPDATE OF state ON message_attempts FOR EACH ROW
      WHEN (NEW.state = 'unknown' AND OLD.state <> 'unknown') EXECUTE FUNCTION log_unknown()`);
  return {
    count: async () => Number((await owner.query<{ n: string }>('SELECT count(*) AS n FROM unknown_log')).rows[0]?.n),
    close: () => owner.end(),
  };
}

test.concurrent.each(Array.from({ length: campaigns }, (_, campaign) => seed + campaign))(
  `${kills} kills while ${people} people are on their way (seed %i)`,
  async (ownSeed) => {
    console.log(`kill seed: ${ownSeed}`);
    const random = seeded(ownSeed);
    // The harness gives the parts and accepts webhooks; the engine that works is a process of its own, to be killed.
    const harness = await startHarness({
      work: false,
      carrier: { latencyMs: 400, receipts: { delay_ms: 700, concurrency: 64 } },
    });
    const folder = mkdtempSync(join(tmpdir(), 'signalbox-kills-'));
    const startEngine = async (): Promise<EngineProcess> =>
      startEngineProcess({ ...harness.processEnv(folder), PORT: String(await findFreePort()) });
    const contacts = await harness.addContacts(people);
    await harness.inTx((tx) =>
      tx
        .insertInto('consents')
        .columns(['workspace_id', 'contact_id', 'purpose', 'state', 'since'])
        .expression(
          tx
            .selectFrom('contacts')
            .select((eb) => [
              'workspace_id',
              'id',
              eb.val('marketing').as('purpose'),
              eb.val('granted').as('state'),
              eb.ref('created_at').as('since'),
            ]),
        )
        .execute(),
    );
    const { flowId } = await harness.publish('Campaign', campaign());
    await letIn(harness, flowId, contacts);
    let inFlightAtKills = 0;
    let strikes = 0;
    /** Attempts of the engine started at `since` whose outcome is not stored. */
    const inFlight = async (since: Date): Promise<number> => {
      const rows = await harness.inTx((tx) =>
        tx
          .selectFrom('message_attempts')
          .select((eb) => eb.fn.countAll<string>().as('n'))
          .where('state', '=', 'dispatching')
          .where('started_at', '>', since)
          .executeTakeFirstOrThrow(),
      );
      return Number(rows.n);
    };
    let since = new Date();
    const unknowns = await logUnknowns(harness.ownerUrl);
    let engine = await startEngine();
    for (let kill = 0; kill < kills; kill += 1) {
      await until('messages in flight', async () => (await inFlight(since)) > 0, 60_000);
      await new Promise((resolve) => setTimeout(resolve, random() * 150));
      await engine.kill();
      const struck = await inFlight(since);
      if (struck > 0) strikes += 1;
      inFlightAtKills += struck;
      since = new Date();
      engine = await startEngine();
    }
    try {
      await until(
        'everyone to end',
        async () => {
          const ended = await harness.inTx((tx) =>
            tx
              .selectFrom('enrollment_history')
              .select((eb) => eb.fn.countAll<string>().as('n'))
              .executeTakeFirstOrThrow(),
          );
          return Number(ended.n) === people;
        },
        150_000,
      );
      expect(await strandedEnrollments(harness.ownerUrl)).toEqual([]);
      const outcomes = await harness.inTx((tx) =>
        tx.selectFrom('enrollment_history').select('outcome').distinct().execute(),
      );
      expect(outcomes).toEqual([{ outcome: 'finished' }]);
      expect(harness.carrier.ledger.repeats()).toEqual([]);
      const left = await harness.inTx((tx) =>
        tx.selectFrom('message_attempts').select('id').where('state', 'in', ['unknown', 'dispatching']).execute(),
      );
      expect(left).toEqual([]);
      const gaveUp = await harness.inTx((tx) =>
        tx.selectFrom('message_attempts').select('id').where('state', '=', 'gave_up').execute(),
      );
      console.log(
        `kills that struck messages in flight: ${strikes} of ${kills}; in flight at the kills: ${inFlightAtKills}; closed without ever being seen at the carrier: ${gaveUp.length}`,
      );
      expect(strikes, 'kills that struck messages in flight').toBeGreaterThan(kills / 2);
      expect(gaveUp.length).toBeLessThanOrEqual(inFlightAtKills);
      const everUnknown = await unknowns.count();
      console.log(`attempts that ever were unknown: ${everUnknown}`);
      expect(everUnknown, 'unknown never exceeds the requests in flight at the kills').toBeLessThanOrEqual(
        inFlightAtKills,
      );
      // Everybody got the one text of their branch, and nobody the other: only what was given up, never having left, may be missing.
      const sent = Map.groupBy(
        harness.carrier.ledger.messages.filter((message) => message.origin === 'api'),
        (message) => message.to,
      );
      const rows = await harness.inTx((tx) => tx.selectFrom('contacts').select(['phone', 'first_name']).execute());
      let withoutText = 0;
      for (const { phone, first_name: name } of rows) {
        const expected = `${name?.endsWith('0') === true ? 'Even' : 'Odd'} offer for ${name ?? ''}`;
        const texts = (sent.get(phone) ?? []).map((message) => message.body);
        if (texts.length === 0) withoutText += 1;
        else expect(texts).toEqual([expected]);
      }
      expect(withoutText).toBe(gaveUp.length);
      const largest = await harness.inTx((tx) =>
        tx
          .selectFrom('runs')
          .select((eb) => eb.fn.max('size').as('size'))
          .executeTakeFirstOrThrow(),
      );
      expect(largest.size).toBeLessThanOrEqual(1_000);
    } finally {
      await engine.kill();
      await unknowns.close();
      await harness.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
  400_000,
);
