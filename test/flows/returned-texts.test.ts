import { afterAll, beforeAll, expect, test } from 'vitest';
import { conversationFlow } from '../support/flows.ts';
import { businessNumber, type Harness, phone, startHarness, until } from '../support/harness.ts';

/** Texts that nobody waited for after all, and one among them that cannot be routed on. */
let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
  for (const keyword of ['JOIN', 'ODD', 'OLD']) await harness.publish(keyword, conversationFlow({ keyword }));
});
afterAll(() => harness.close());

const texts = (number: string) =>
  harness.inTx((tx) =>
    tx
      .selectFrom('messages')
      .select(['id', 'body', 'handled_by'])
      .where('number', '=', number)
      .where('direction', '=', 'in')
      .orderBy('id')
      .execute(),
  );

async function text(number: string, body: string): Promise<void> {
  harness.carrier.text(number, businessNumber, body);
  await until('the text', async () => (await texts(number)).some((row) => row.handled_by !== null));
}

test('a text whose flow is of another form waits for a person', async () => {
  await harness.inTx((tx) =>
    tx
      .updateTable('flow_versions')
      .set({ compiled: JSON.stringify({ steps: 'of another form' }) })
      .where('id', 'in', tx.selectFrom('flow_triggers').select('version_id').where('value', '=', 'old'))
      .execute(),
  );
  await text(phone(1), 'old');
  expect(await texts(phone(1))).toMatchObject([{ body: 'old', handled_by: 'unhandled' }]);
});

test('a returned text that cannot be routed on waits for a person, and takes no other along', async () => {
  await text(phone(2), 'hello');
  await text(phone(3), 'hello');
  await harness.inTx(async (tx) => {
    await tx.updateTable('flow_triggers').set({ step: 99 }).where('value', '=', 'odd').execute();
    for (const [number, body] of [
      [phone(2), 'odd'],
      [phone(3), 'join'],
    ] as const) {
      const row = await tx
        .updateTable('messages')
        .set({ body, handled_by: 'reply' })
        .where('number', '=', number)
        .returning('id')
        .executeTakeFirstOrThrow();
      await tx
        .insertInto('released_texts')
        .values({ workspace_id: harness.workspaceId, message_id: row.id, at: new Date() })
        .execute();
    }
  });
  await until('both', async () =>
    [...(await texts(phone(2))), ...(await texts(phone(3)))].every((row) => row.handled_by !== 'reply'),
  );
  expect(await texts(phone(2))).toMatchObject([{ body: 'odd', handled_by: 'unhandled' }]);
  expect(await texts(phone(3))).toMatchObject([{ body: 'join', handled_by: 'keyword' }]);
});
