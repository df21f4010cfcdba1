import { createOutgoingClient } from '@signalbox/engine/http/outgoing';
import { twilio } from '@signalbox/engine/providers/twilio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Harness, phone, startHarness, until } from '../support/harness.ts';
import { inbound, postSigned, sidOf, smsUrl } from './signed-webhooks.ts';
import { webhookRequest } from './webhook-request.ts';

/** A word that no list of ours and no documented list of the carrier's has: a custom keyword of Advanced Opt-Out. */
const custom = 'BASTA';

describe('what Twilio does about a text', () => {
  const http = createOutgoingClient();
  afterAll(() => http.close());
  const connection = twilio.connect(
    { credentials: twilio.account.example, baseUrl: twilio.baseUrl, origins: {} },
    http,
  );
  const read = (body: string, optOutType?: string) => {
    const form = {
      ...inbound(phone(1), body, sidOf(1)),
      ...(optOutType === undefined ? {} : { OptOutType: optOutType }),
    };
    const url = 'https://signalbox.example.com/webhooks/twilio/1/sms';
    const rawBody = new URLSearchParams(form).toString();
    const [event] = connection.read(webhookRequest({ address: 'sms', url, rawBody }));
    return event?.kind === 'text' ? event.carrierWord : undefined;
  };

  test.each([
    ['STOP', 'stop'],
    ['START', 'start'],
    ['HELP', 'help'],
    ['stop', 'stop'],
  ])('OptOutType %s is what it was told to do, whatever the text', (type, kind) => {
    for (const body of [custom, 'HELP', 'STOP', 'good morning', ''])
      expect([body, read(body, type)]).toEqual([body, { kind, stated: true }]);
  });

  test.each([
    ...['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT'].map((word) => [word, 'stop']),
    ...['START', 'YES', 'UNSTOP'].map((word) => [word, 'start']),
    ...['HELP', 'INFO'].map((word) => [word, 'help']),
  ])('%s is documented as %s, alone and in any case', (word = '', kind) => {
    for (const body of [word, word.toLowerCase(), ` ${word}\n`])
      expect([body, read(body)]).toEqual([body, { kind, stated: false }]);
    for (const body of [`${word}.`, `please ${word}`, `${word} now`]) expect([body, read(body)]).toEqual([body, null]);
  });

  test('another OptOutType, an empty one and a word of nobody’s list say nothing', () => {
    for (const type of ['', 'OTHER', '__proto__', 'constructor']) expect(read('good morning', type)).toBeNull();
    for (const body of [custom, 'stop it', 'opt out', 'no']) expect(read(body)).toBeNull();
  });
});

describe.each(['carrier', 'signalbox'] as const)('at the webhook of an account where %s answers', (handling) => {
  let harness: Harness;
  let url: string;
  let texts = 0;
  beforeAll(async () => {
    harness = await startHarness({ optOut: handling });
    url = smsUrl(harness);
  });
  afterAll(() => harness.close());

  const text = async (person: string, body: string, optOutType?: string): Promise<void> => {
    texts += 1;
    const form = inbound(person, body, sidOf(texts));
    expect(await postSigned(url, optOutType === undefined ? form : { ...form, OptOutType: optOutType })).toBe(200);
    await until('the queue to be empty', () =>
      harness.inTx(async (tx) => (await tx.selectFrom('message_queue').select('message_id').execute()).length === 0),
    );
  };
  /** How the person stands: suppressed or not, what each text was taken for, what we answered. */
  const standing = (person: string) =>
    harness.inTx(async (tx) => {
      const number = await tx
        .selectFrom('numbers')
        .select('suppressed_at')
        .where('number', '=', person)
        .executeTakeFirstOrThrow();
      const rows = await tx
        .selectFrom('messages')
        .select(['direction', 'handled_by'])
        .where('number', '=', person)
        .orderBy('id')
        .execute();
      return {
        suppressed: number.suppressed_at !== null,
        handledBy: rows.filter((row) => row.direction === 'in').map((row) => row.handled_by),
        answers: rows.filter((row) => row.direction === 'out').length,
      };
    });
  const ours = handling === 'signalbox';

  test('a word that only the carrier knows acts where the account says so, and nobody answers twice', async () => {
    const person = phone(30);
    await text(person, custom, 'STOP');
    expect(await standing(person)).toEqual(
      ours
        ? { suppressed: false, handledBy: ['unhandled'], answers: 0 }
        : { suppressed: true, handledBy: ['compliance'], answers: 0 },
    );
    await text(person, 'ENCORE', 'START');
    expect(await standing(person)).toMatchObject({ suppressed: false, answers: 0 });
  });

  test('the same word without the carrier’s say is an ordinary text', async () => {
    const person = phone(31);
    await text(person, custom);
    expect(await standing(person)).toEqual({ suppressed: false, handledBy: ['unhandled'], answers: 0 });
  });

  test('what the carrier was told goes before our reading of the text', async () => {
    const person = phone(32);
    await text(person, 'help', 'STOP');
    expect(await standing(person)).toEqual({
      suppressed: !ours,
      handledBy: ['compliance'],
      answers: ours ? 1 : 0,
    });
  });

  test('a text that asks to stop is heard whatever the carrier was told, and confirmed by whoever heard it', async () => {
    const person = phone(35);
    await text(person, 'please stop texting me', 'HELP');
    expect(await standing(person)).toEqual({ suppressed: true, handledBy: ['compliance'], answers: 1 });
  });

  test('a documented word acts without OptOutType, and is answered once: by the carrier or by us', async () => {
    const person = phone(33);
    await text(person, 'stop');
    expect(await standing(person)).toEqual({ suppressed: true, handledBy: ['compliance'], answers: ours ? 1 : 0 });
  });

  test('a wish that only we understand acts and is answered by us', async () => {
    const person = phone(34);
    await text(person, 'please stop texting me');
    expect(await standing(person)).toEqual({ suppressed: true, handledBy: ['compliance'], answers: 1 });
  });
});
