import { startDispatcher } from '@signalbox/engine/sending/dispatcher';
import { queueMessages } from '@signalbox/engine/sending/queue';
import { needsShortReference, referenceFor } from '@signalbox/engine/sending/references';
import { takeShard } from '@signalbox/engine/sending/shards';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiHarness, startApiHarness } from '../api/client.ts';
import { phone } from '../support/harness.ts';
import { senderOf } from '../support/senders.ts';
import { byQuery, called } from './planted/by-query.ts';
import { type Fake, startFake } from './planted/fake.ts';
import { addPlantedAccount } from './planted-account.ts';

/** A provider that echoes our reference and has no room for an attempt's id. */

const address = '+12025550161';
let harness: ApiHarness;
let fake: Fake;
let status: string;
beforeAll(async () => {
  fake = await startFake([], 1, 'k');
  harness = await startApiHarness({ moreProviders: [byQuery] });
  status = (await addPlantedAccount(harness, byQuery, { address, baseUrl: fake.url })).status_url;
});
afterAll(async () => {
  await harness.close();
  await fake.close();
});

async function send(to: string): Promise<void> {
  const { ids } = harness.engine;
  const { workspaceId } = harness;
  const now = new Date();
  await harness.inTx(async (tx) => {
    const contact = { workspace_id: workspaceId, id: ids.uuid(), phone: to, created_at: now, updated_at: now };
    await tx.insertInto('contacts').values(contact).execute();
    await tx.insertInto('numbers').values({ workspace_id: workspaceId, number: to }).execute();
    await queueMessages({ tx, workspaceId, now }, { flowId: null }, [
      {
        id: ids.uuid(),
        contactId: contact.id,
        number: to,
        sender: await senderOf({ tx, workspaceId }, address),
        routeId: null,
        enrollmentId: null,
        hop: null,
        draft: { text: `To ${to}`, purpose: 'transactional', lane: 'transactional' },
        later: null,
        exemption: null,
      },
    ]);
  });
  const dispatcher = startDispatcher(harness.engine.dispatchDeps, 0, await takeShard(harness.db, 0, now), null);
  await dispatcher.drain();
  await dispatcher.stop();
}

const message = (to: string) =>
  harness.inTx((tx) =>
    tx
      .selectFrom('messages as m')
      .innerJoin('message_attempts as a', 'a.message_id', 'm.id')
      .select(['m.state', 'a.id', 'a.provider_id', 'a.state as attempt'])
      .where('m.number', '=', to)
      .executeTakeFirstOrThrow(),
  );
const told = async (params: Record<string, string>) => {
  const request = called('status', params, { base: status, at: new Date() });
  const answer = await fetch(request.url, { headers: { 'x-signature': request.header('x-signature') ?? '' } });
  return answer.status;
};

test('is twenty characters that stand for the attempt, and no other’s', () => {
  const ids = Array.from({ length: 1_000 }, () => harness.engine.ids.uuid());
  const references = ids.map((id) => referenceFor(id, 20));
  expect(new Set(references).size).toBe(ids.length);
  for (const reference of references) expect(reference).toMatch(/^[0-9a-z]{20}$/);
  expect(ids.map((id) => referenceFor(id, 20))).toEqual(references);
  const [id = ''] = ids;
  expect([0, 1, 20, 35, 36, 1_024].map((room) => [needsShortReference(room), referenceFor(id, room).length])).toEqual([
    [false, 36],
    [true, 1],
    [true, 20],
    [true, 20],
    [false, 36],
    [false, 36],
  ]);
});

test('what was sent in doubt is found by it when a receipt comes', async () => {
  const to = phone(1);
  fake.doubts[1]?.arrange();
  await send(to);
  const before = await message(to);
  expect(before).toMatchObject({ state: 'queued', attempt: 'unknown', provider_id: referenceFor(before.id, 20) });
  expect(await told({ id: before.provider_id ?? '', status: 'delivered', ref: before.provider_id ?? '' })).toBe(200);
  expect(await message(to)).toMatchObject({ state: 'delivered', attempt: 'accepted' });
});

test('what was accepted goes by the id that the provider gave', async () => {
  const to = phone(2);
  await send(to);
  const sent = await message(to);
  expect(fake.taken().at(-1)).toMatchObject({ reference: referenceFor(sent.id, 20), ids: [sent.provider_id] });
  expect(await told({ id: sent.provider_id ?? '', status: 'failed', ref: 'x' })).toBe(200);
  expect(await message(to)).toMatchObject({ state: 'failed' });
});
