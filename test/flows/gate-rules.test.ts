import { askBeforeQueueing } from '@signalbox/engine/gate/ask';
import { openCountriesOfContacts } from '@signalbox/engine/gate/opened-countries';
import { claimMessages } from '@signalbox/engine/sending/claim';
import { queueMessages } from '@signalbox/engine/sending/queue';
import { acceptMessages } from '@signalbox/engine/sending/settle';
import { takeShard } from '@signalbox/engine/sending/shards';
import type { Lane, Purpose } from '@signalbox/nodes/define/ports';
import type { Verdict } from '@signalbox/nodes/gate/define-rule';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { setRules } from '../support/gate-rules.ts';
import { type Harness, startHarness } from '../support/harness.ts';
import { readyTakes } from '../support/ready-takes.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ work: false, rules: 'as_new' });
});
afterAll(() => harness.close());
beforeEach(() => harness.inTx((tx) => tx.deleteFrom('gate_rules').execute()));

/** A Monday at 10:00 in New York, and 03:00 that day. */
const day = new Date('2026-03-02T15:00:00Z');
const night = new Date('2026-03-02T08:00:00Z');
const hourMs = 3_600_000;
let count = 0;

type Person = { readonly contactId: string; readonly number: string };

async function person(number?: string, zone: string | null = 'America/New_York'): Promise<Person> {
  const { engine, workspaceId } = harness;
  count += 1;
  const made = { contactId: engine.ids.uuid(), number: number ?? `+1202555${String(3_000 + count)}` };
  await harness.inTx(async (tx) => {
    await tx.insertInto('numbers').values({ workspace_id: workspaceId, number: made.number }).execute();
    await tx
      .insertInto('contacts')
      .values({
        workspace_id: workspaceId,
        id: made.contactId,
        phone: made.number,
        time_zone: zone,
        created_at: day,
        updated_at: day,
      })
      .execute();
    await tx
      .insertInto('consents')
      .values({
        workspace_id: workspaceId,
        contact_id: made.contactId,
        purpose: 'marketing',
        state: 'granted',
        since: day,
      })
      .execute();
  });
  return made;
}

type Draft = { readonly text?: string; readonly purpose?: Purpose; readonly lane?: Lane };

const draftOf = ({ text = 'Sale', purpose = 'marketing', lane = 'campaign' }: Draft) => ({ text, purpose, lane });

const ask = (to: Person, now: Date, draft: Draft = {}): Promise<Verdict | undefined> =>
  harness.inTx(async (tx) => {
    const key = {
      ...to,
      ...draftOf(draft),
      sender: harness.sender.address,
      queued: null,
      segments: null,
      flowId: null,
    };
    const [verdict] = await askBeforeQueueing({ tx, workspaceId: harness.workspaceId, now }, [key], null);
    return verdict;
  });

/** Puts a message into the queue past the gate, as an earlier moment might have. */
async function queue(to: Person, now: Date, draft: Draft = {}): Promise<string> {
  const { engine, workspaceId, sender } = harness;
  const id = engine.ids.uuid();
  const rest = { routeId: null, enrollmentId: null, hop: null, later: null, exemption: null };
  await harness.inTx((tx) =>
    queueMessages({ tx, workspaceId, now }, { flowId: null }, [{ id, ...to, sender, draft: draftOf(draft), ...rest }]),
  );
  return id;
}

async function claim(now: Date): Promise<string[]> {
  const { accountId, engine, workspaceId } = harness;
  const epoch = await takeShard(harness.db, 0, now);
  const takes = await readyTakes(harness.db, now);
  const round = await harness.inTx((tx) =>
    claimMessages(
      { ids: engine.ids },
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
  return round?.claimed.map(({ messageId }) => messageId) ?? [];
}

const accept = (id: string, now: Date) =>
  harness.inTx((tx) => acceptMessages({ tx, workspaceId: harness.workspaceId, now }, [id]));
const message = (id: string) =>
  harness.inTx((tx) => tx.selectFrom('messages').select(['state', 'reason']).where('id', '=', id).executeTakeFirst());
const rules = (settings: Readonly<Record<string, object>>) =>
  harness.inTx((tx) => setRules({ tx, workspaceId: harness.workspaceId, now: day }, settings));

test('a message queued at night waits for the morning, and one queued by day that is not claimed before night waits too', async () => {
  const to = await person();
  expect(await ask(to, night)).toMatchObject({ kind: 'later', reason: { code: 'quiet_hours' } });
  const late = await queue(to, new Date('2026-03-03T01:58:00Z'));
  expect(await claim(new Date('2026-03-03T02:00:00Z'))).toEqual([]);
  expect(await message(late)).toMatchObject({
    state: 'queued',
    reason: { code: 'quiet_hours', values: { zone: 'America/New_York' } },
  });
  expect(await claim(new Date('2026-03-03T12:59:00Z')), 'a minute before 8:00').toEqual([]);
  expect(await claim(new Date('2026-03-03T13:10:00Z'))).toEqual([late]);
  await accept(late, day);
});

test('what is kept until the workspace opens waits over the weekend and its closed days, in the queue as well', async () => {
  const settings = {
    hours: [{ days: [1, 2, 3, 4, 5], from: '10:00', to: '18:00' }],
    closed_days: [{ date: '2026-03-09', name: 'Away' }],
  };
  await harness.inTx((tx) =>
    tx
      .insertInto('opening_hours')
      .values({ workspace_id: harness.workspaceId, settings: JSON.stringify(settings), updated_at: day })
      .execute(),
  );
  await rules({ 'quiet-hours': { law: false }, 'opening-hours': { marketing: true, spread_minutes: 0 } });
  await harness.inTx((tx) => tx.updateTable('workspaces').set({ time_zone: 'Europe/Berlin' }).execute());
  const to = await person();
  expect(await ask(to, new Date('2026-03-06T16:00:00Z'))).toMatchObject({ kind: 'send' });
  const friday = new Date('2026-03-06T17:30:00Z');
  const tuesday = new Date('2026-03-10T09:00:00Z');
  expect(await ask(to, friday)).toEqual({ kind: 'later', until: tuesday, reason: { code: 'closed' } });
  expect(await ask(to, friday, { purpose: 'transactional' })).toMatchObject({ kind: 'send' });
  const kept = await queue(to, new Date('2026-03-06T16:59:00Z'));
  expect(await claim(friday)).toEqual([]);
  expect(await message(kept)).toMatchObject({ state: 'queued', reason: { code: 'closed' } });
  expect(await claim(new Date('2026-03-10T08:59:00Z'))).toEqual([]);
  expect(await claim(tuesday)).toEqual([kept]);
  await accept(kept, tuesday);
  await harness.inTx(async (tx) => {
    await tx.deleteFrom('opening_hours').execute();
    await tx.updateTable('workspaces').set({ time_zone: 'America/New_York' }).execute();
  });
});

test('what is held goes by the person’s own zone, without one by the workspace’s', async () => {
  const { workspaceId } = harness;
  await harness.inTx((tx) => tx.updateTable('workspaces').set({ time_zone: 'America/Los_Angeles' }).execute());
  const reason = (verdict: Verdict | undefined) =>
    verdict?.kind === 'later' ? verdict.reason.values?.['zone'] : verdict?.kind;
  expect(reason(await ask(await person(undefined, 'America/New_York'), new Date('2026-03-02T14:00:00Z')))).toBe('send');
  expect(reason(await ask(await person(undefined, null), new Date('2026-03-02T14:00:00Z')))).toBe(
    'America/Los_Angeles',
  );
  await harness.inTx((tx) =>
    tx.updateTable('workspaces').set({ time_zone: 'UTC' }).where('workspace_id', '=', workspaceId).execute(),
  );
});

test('an answer goes out at night while it is one: not after five minutes in the queue', async () => {
  const to = await person();
  expect(await ask(to, night, { lane: 'reply' })).toEqual({ kind: 'send' });
  const early = await queue(to, night, { lane: 'reply' });
  expect(await claim(new Date(night.getTime() + 4 * 60_000))).toEqual([early]);
  await accept(early, night);
  const late = await queue(to, night, { lane: 'reply' });
  expect(await claim(new Date(night.getTime() + 6 * 60_000))).toEqual([]);
  expect(await message(late)).toMatchObject({ reason: { code: 'quiet_hours' } });
  await harness.inTx((tx) => tx.deleteFrom('message_queue').where('message_id', '=', late).execute());
});

test('caps count what was sent and what is queued before, and of two that are queued the first goes', async () => {
  await rules({ 'frequency-caps': { caps: [{ messages: 2, hours: 24 }] } });
  const to = await person();
  const sent = await queue(to, new Date(day.getTime() - 2 * hourMs));
  expect(await claim(new Date(day.getTime() - 2 * hourMs))).toEqual([sent]);
  await accept(sent, new Date(day.getTime() - 2 * hourMs));
  expect(await ask(to, day)).toEqual({ kind: 'send' });
  const [first, second] = [await queue(to, day, { lane: 'campaign' }), await queue(to, day, { lane: 'bulk' })];
  expect(await ask(to, day), 'one is sent and two are queued').toMatchObject({
    kind: 'refuse',
    reason: { code: 'frequency_cap' },
  });
  expect(await claim(day)).toEqual([first]);
  expect(await message(second)).toMatchObject({
    state: 'refused',
    reason: { code: 'frequency_cap', values: { messages: 2, hours: 24 } },
  });
  await accept(first, day);
  expect(await ask(to, day, { purpose: 'transactional' })).toEqual({ kind: 'send' });
  expect(await ask(to, new Date(day.getTime() + 25 * hourMs))).toEqual({ kind: 'send' });
});

test('what was refused or given up does not count', async () => {
  await rules({ 'frequency-caps': { caps: [{ messages: 1, hours: 24 }] } });
  const to = await person();
  const refused = await queue(to, day);
  await harness.inTx(async (tx) => {
    await tx.updateTable('messages').set({ state: 'failed' }).where('id', '=', refused).execute();
    await tx.deleteFrom('message_queue').where('message_id', '=', refused).execute();
  });
  expect(await ask(to, day)).toEqual({ kind: 'send' });
});

test('abroad is closed until it is opened, for every purpose, in the queue too', async () => {
  const to = await person('+61491570156', 'Australia/Sydney');
  const australianDay = new Date('2026-03-02T01:00:00Z');
  const closed = { kind: 'refuse', reason: { code: 'country_closed', values: { country: 'AU' } } };
  expect(await ask(to, australianDay, { purpose: 'otp', lane: 'otp' })).toEqual(closed);
  const queued = await queue(to, australianDay);
  expect(await claim(australianDay)).toEqual([]);
  expect(await message(queued)).toMatchObject({ state: 'refused', reason: { code: 'country_closed' } });
  await rules({ countries: { open: ['AU'] } });
  expect(await ask(to, australianDay)).toEqual({ kind: 'send' });
});

test('the sender’s registration is asked for where there has to be one', async () => {
  const to = await person();
  const register = (registration: 'rejected' | 'unknown') =>
    harness.inTx((tx) => tx.updateTable('senders').set({ registration }).execute());
  await register('rejected');
  expect(await ask(to, day)).toEqual({
    kind: 'refuse',
    reason: { code: 'registration_rejected', values: { register: '10DLC campaign' } },
  });
  await register('unknown');
  expect(await ask(to, day)).toEqual({ kind: 'send' });
});

test('a text is read again when it is claimed: a word that was banned meanwhile keeps it back', async () => {
  const to = await person();
  const id = await queue(to, day, { text: 'Come to the casino' });
  await rules({ content: { banned: ['casino'] } });
  expect(await claim(day)).toEqual([]);
  expect(await message(id)).toMatchObject({
    state: 'refused',
    reason: { code: 'banned_word', values: { word: 'casino' } },
  });
});

test('after an upgrade every country is open until it is known where people are, then those and no other', async () => {
  const { workspaceId } = harness;
  await person('+4915123456789', 'Europe/Berlin');
  const far = await person('+447400123456', 'Europe/London');
  await rules({ countries: { every: true } });
  await harness.inTx((tx) => tx.updateTable('gate_rules').set({ from_upgrade: true }).execute());
  const noon = new Date('2026-03-02T12:00:00Z');
  expect(await ask(far, noon)).toEqual({ kind: 'send' });
  await openCountriesOfContacts(harness.db, workspaceId, day);
  const rule = await harness.inTx((tx) =>
    tx.selectFrom('gate_rules').select(['settings', 'from_upgrade']).executeTakeFirst(),
  );
  expect(rule).toEqual({ settings: { open: ['AU', 'DE', 'GB', 'US'] }, from_upgrade: false });
  expect(await ask(await person('+33612345678', 'Europe/Paris'), noon)).toMatchObject({
    reason: { code: 'country_closed' },
  });
  await rules({ countries: { open: ['FR'] } });
  await openCountriesOfContacts(harness.db, workspaceId, day);
  expect(await ask(far, noon), 'what somebody set stays').toMatchObject({ reason: { code: 'country_closed' } });
});
