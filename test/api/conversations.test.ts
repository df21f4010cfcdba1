import { queueMessages } from '@signalbox/engine/sending/queue';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { businessNumber, phone, until } from '../support/harness.ts';
import { type ApiHarness, startApiHarness } from './client.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness();
});
afterAll(() => api.close());

const listSchema = z.object({
  data: z.array(
    z.object({
      contact: z.object({ id: z.string(), phone: z.string() }),
      last_message: z.object({ text: z.string(), direction: z.string() }),
      unhandled: z.boolean(),
    }),
  ),
  next_cursor: z.string().nullable(),
});

const list = async (query = '') => listSchema.parse((await api.call('GET', `/api/v1/conversations?${query}`)).body);
const shownLast = (page: z.infer<typeof listSchema>) =>
  page.data.map((row) => [row.contact.phone, row.last_message.text]);

/** Someone texts us; resolves once it is stored and acted on. */
async function hear(from: string, body: string): Promise<void> {
  api.carrier.text(from, businessNumber, body);
  await until('the text', async () => {
    const row = await api.inTx((tx) =>
      tx
        .selectFrom('messages')
        .select('handled_by')
        .where('number', '=', from)
        .where('body', '=', body)
        .executeTakeFirst(),
    );
    return row?.handled_by != null;
  });
}

/** We text someone who is a contact already. */
async function tell(contactId: string, number: string, text: string): Promise<void> {
  const { ids, clock } = api.engine;
  await api.inTx((tx) =>
    queueMessages({ tx, workspaceId: api.workspaceId, now: clock.now() }, { flowId: null }, [
      {
        id: ids.uuid(),
        contactId,
        number,
        sender: api.sender,
        routeId: null,
        enrollmentId: null,
        hop: null,
        draft: { text, purpose: 'transactional', lane: 'transactional' },
        later: null,
        exemption: null,
      },
    ]),
  );
}

describe('conversations', () => {
  test('list people who wrote or were written to by their latest message, page by page', async () => {
    // The third is written to by nobody and writes to nobody.
    const [told, both] = await api.addContacts(3);
    if (told === undefined || both === undefined) throw new Error('There are no contacts.');
    const numbers = { told: '+12025560000', both: '+12025560001', new: phone(810) };
    await hear(numbers.both, 'Hello there');
    await tell(told, numbers.told, 'To the first');
    await hear(numbers.new, 'I am new');
    await tell(both, numbers.both, 'To the second');
    const expected = [
      [numbers.both, 'To the second'],
      [numbers.new, 'I am new'],
      [numbers.told, 'To the first'],
    ];
    expect(shownLast(await list())).toEqual(expected);

    const first = await list('limit=2');
    expect(shownLast(first)).toEqual(expected.slice(0, 2));
    const second = await list(`limit=2&cursor=${first.next_cursor}`);
    expect(shownLast(second)).toEqual(expected.slice(2));
    expect(second.next_cursor).toBeNull();

    expect(shownLast(await list('search=5560000'))).toEqual(expected.slice(2));
    expect(shownLast(await list('unhandled=true'))).toEqual(expected.slice(0, 2));
    expect(shownLast(await list('unhandled=false'))).toEqual(expected.slice(2));
    const searched = await list('search=202&limit=1');
    expect(shownLast(await list(`search=202&limit=1&cursor=${searched.next_cursor}`))).toEqual(expected.slice(1, 2));
  });

  test('one that was stopped in other words waits for a person until it is marked as handled', async () => {
    const person = phone(820);
    await hear(person, 'please do not text me');
    const row = (await list('search=5551820')).data[0];
    if (row === undefined) throw new Error('There is no conversation.');
    const unhandled = async () =>
      z.object({ unhandled: z.boolean() }).parse((await api.call('GET', `/api/v1/contacts/${row.contact.id}`)).body)
        .unhandled;
    expect(row.unhandled).toBe(true);
    expect(await unhandled()).toBe(true);
    const answer = await api.call('POST', `/api/v1/conversations/${row.contact.id}/handled`, {
      headers: { 'idempotency-key': 'handled-in-the-test' },
    });
    expect(answer.status).toBe(204);
    expect(await unhandled()).toBe(false);
    expect((await list('unhandled=true')).data.map(({ contact }) => contact.phone)).not.toContain(person);
  });

  test('pictures in a text without words are told with their addresses', async () => {
    const from = phone(890);
    await hear(from, 'a picture');
    const media = [{ url: 'https://api.example.com/Media/ME1', type: 'image/jpeg' }];
    await api.inTx((tx) =>
      tx
        .updateTable('messages')
        .set({ body: '', media: JSON.stringify(media) })
        .where('number', '=', from)
        .execute(),
    );
    const shown = z.object({
      last_message: z.object({ text: z.string(), media: z.unknown() }),
      contact: z.object({ id: z.string() }),
    });
    const page = z.object({ data: z.array(shown) }).parse((await api.call('GET', '/api/v1/conversations')).body);
    expect(page.data[0]?.last_message).toMatchObject({ text: '', media });
    for (const path of [`/api/v1/contacts/${page.data[0]?.contact.id}/messages`, '/api/v1/messages'])
      expect((await api.call('GET', path)).body).toMatchObject({
        data: expect.arrayContaining([
          expect.objectContaining({ media: media.map((each) => expect.objectContaining(each)) }),
        ]),
      });
  });
});
