import { createSecretBox } from '@signalbox/engine/accounts/secret-box';
import { type Db, inWorkspace } from '@signalbox/engine/db/database';
import { startDispatcher } from '@signalbox/engine/sending/dispatcher';
import { queueMessages } from '@signalbox/engine/sending/queue';
import { takeShard } from '@signalbox/engine/sending/shards';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, startHarness } from '../support/harness.ts';
import { secretsKey } from '../support/secrets-key.ts';
import { senderOf } from '../support/senders.ts';

const small = { sid: `AC${'5'.repeat(32)}`, token: 'token-of-the-small-workspace', number: '+12025550177' };

let harness: Harness;
let smallWorkspace: string;
beforeAll(async () => {
  harness = await startHarness({ work: false, dispatch: { concurrency: 40, claimSize: 20 } });
  smallWorkspace = await addWorkspace();
});
afterAll(() => harness.close());

/** A second workspace with an account of its own at the same carrier. */
async function addWorkspace(): Promise<string> {
  const { ids, clock } = harness.engine;
  const [workspaceId, accountId] = [ids.uuid(), ids.uuid()];
  harness.carrier.setAccount({
    sid: small.sid,
    auth_token: small.token,
    opt_out: 'customer',
    numbers: [{ number: small.number }],
  });
  const owner = new pg.Client({ connectionString: harness.ownerUrl });
  await owner.connect();
  const carrier = await owner.query<{ base_url: string }>('SELECT base_url FROM accounts LIMIT 1');
  await owner.end();
  await inWorkspace(harness.db, workspaceId, async (tx) => {
    const created_at = clock.now();
    await tx.insertInto('workspaces').values({ workspace_id: workspaceId, name: 'Small', created_at }).execute();
    await tx
      .insertInto('accounts')
      .values({
        workspace_id: workspaceId,
        id: accountId,
        provider: 'twilio',
        name: 'Small',
        external_id: small.sid,
        base_url: carrier.rows[0]?.base_url ?? '',
        secret: createSecretBox(secretsKey).seal(workspaceId, accountId, small.token),
        opt_out_handling: 'signalbox',
        brand: 'Small',
        created_at,
      })
      .execute();
    await tx
      .insertInto('senders')
      .values({
        workspace_id: workspaceId,
        id: ids.uuid(),
        account_id: accountId,
        address: small.number,
        kind: 'long_code',
        created_at,
      })
      .execute();
  });
  return workspaceId;
}

/** Queues a message each to so many new people of a workspace. */
async function queue(db: Db, workspaceId: string, count: number, from: number, lane: 'campaign' | 'reply') {
  const { ids, clock } = harness.engine;
  const now = clock.now();
  await inWorkspace(db, workspaceId, async (tx) => {
    const people = Array.from({ length: count }, (_, index) => ({
      id: ids.uuid(),
      phone: `+1${2_025_570_000 + from + index}`,
    }));
    await tx
      .insertInto('contacts')
      .values(people.map((person) => ({ ...person, workspace_id: workspaceId, created_at: now, updated_at: now })))
      .execute();
    await tx
      .insertInto('numbers')
      .values(people.map((person) => ({ workspace_id: workspaceId, number: person.phone })))
      .execute();
    const sender = await senderOf({ tx, workspaceId });
    await queueMessages(
      { tx, workspaceId, now },
      { flowId: null },
      people.map((person) => ({
        id: ids.uuid(),
        contactId: person.id,
        number: person.phone,
        sender,
        routeId: null,
        enrollmentId: null,
        hop: null,
        draft: { text: 'Hello', purpose: 'transactional', lane },
        later: null,
        exemption: null,
      })),
    );
  });
}

test('a workspace with a campaign starves no other one, and what somebody waits for goes first', async () => {
  await queue(harness.db, harness.workspaceId, 400, 0, 'campaign');
  await queue(harness.db, smallWorkspace, 15, 1_000, 'campaign');
  const dispatcher = startDispatcher(harness.engine.dispatchDeps, 0, await takeShard(harness.db, 0, new Date()), null);
  await dispatcher.drain();
  const places = () =>
    harness.carrier.ledger.messages
      .filter((message) => message.origin === 'api')
      .flatMap((message, place) => (message.from === small.number ? [place] : []));
  expect(places()).toHaveLength(15);
  // Half of the places each while both have something: all of the small one's are among the first forty claimed.
  expect(Math.max(...places())).toBeLessThan(40);

  const before = harness.carrier.ledger.messages.length;
  await queue(harness.db, harness.workspaceId, 100, 2_000, 'campaign');
  await queue(harness.db, smallWorkspace, 3, 3_000, 'reply');
  await dispatcher.drain();
  await dispatcher.stop();
  const replies = places().filter((place) => place >= before);
  expect(replies).toHaveLength(3);
  expect(Math.max(...replies)).toBeLessThan(before + 40);
});
