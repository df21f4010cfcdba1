import { createOutgoingClient } from '@signalbox/engine/http/outgoing';
import { providers } from '@signalbox/engine/providers/catalogue.gen';
import type { Connection, OutboundSms } from '@signalbox/engine/providers/provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wire as twilio } from './wires/twilio.ts';
import type { Wire } from './wires/wire.ts';

/** What every provider promises, asked of each against its own wire format over HTTP. */
const wires: Readonly<Record<string, () => Promise<Wire>>> = { twilio };

test('every provider of the catalogue has a wire to be asked over', () => {
  expect(providers.map(({ type }) => type).filter((type) => wires[type] === undefined)).toEqual([]);
});

describe.each(providers)('$title', (provider) => {
  const http = createOutgoingClient();
  let wire: Wire;
  let connection: Connection;
  let sent = 0;
  const message = (): OutboundSms => {
    sent += 1;
    const reference = `00000000-0000-7000-8000-${String(sent).padStart(12, '0')}`;
    return { from: wire.from, to: wire.to, body: `Text ${sent}`, reference, callbackUrl: 'http://127.0.0.1:1/status' };
  };
  beforeAll(async () => {
    const start = wires[provider.type];
    if (start === undefined) throw new Error(`no wire for ${provider.type}`);
    wire = await start();
    connection = provider.connect(wire.account, http);
  });
  afterAll(async () => {
    await http.close();
    await wire.close();
  });

  test('its example fits its own fields, and names what is secret among them', () => {
    const { fields, identity, secrets, example } = provider.account;
    expect(fields.safeParse(example).success).toBe(true);
    for (const name of [identity, ...secrets]) expect(Object.keys(fields.shape)).toContain(name);
    expect(secrets).not.toContain(identity);
    expect(new URL(provider.baseUrl).origin).toBe(provider.baseUrl);
  });

  test('what is taken is accepted, once, with the id that the provider gave', async () => {
    const outcome = await connection.send(message(), 5_000);
    expect(outcome).toMatchObject({ kind: 'accepted' });
    expect(wire.accepted()).toEqual([outcome.kind === 'accepted' ? outcome.providerId : '']);
  });

  test('what is refused is provably not sent, with its class', async () => {
    const before = wire.accepted().length;
    for (const { errorClass, arrange } of wire.refusals) {
      arrange();
      expect(await connection.send(message(), 5_000)).toMatchObject({ kind: 'refused', errorClass });
    }
    expect(wire.accepted()).toHaveLength(before);
  });

  test('silence, a torn answer and an error of the provider leave a doubt, never a refusal', async () => {
    for (const { name, arrange } of wire.doubts) {
      arrange();
      expect([name, await connection.send(message(), 500)]).toEqual([
        name,
        expect.objectContaining({ kind: 'ambiguous' }),
      ]);
    }
  });

  test('nobody there: provably not sent', async () => {
    const nowhere = provider.connect({ ...wire.account, baseUrl: 'http://127.0.0.1:9' }, http);
    expect(await nowhere.send(message(), 2_000)).toMatchObject({ kind: 'refused', errorClass: 'transient' });
  });

  test('a doubt is cleared by the list, where the provider has one', async () => {
    const lookup = connection.lookup;
    if (lookup === undefined) return;
    const text = message();
    const since = new Date();
    const outcome = await connection.send(text, 5_000);
    const found = await lookup({ ...text, since }, 5_000);
    if (found !== 'cannot_tell')
      expect(found.map(({ providerId }) => providerId)).toEqual([
        outcome.kind === 'accepted' ? outcome.providerId : '',
      ]);
  });

  test('a request is believed as it was signed, and in no other form', () => {
    for (const { request } of wire.signed) {
      expect(connection.verify(request)).toBe(true);
      if (!provider.capabilities.signed) continue;
      expect(connection.verify({ ...request, header: () => undefined })).toBe(false);
      expect(connection.verify({ ...request, header: () => '' })).toBe(false);
      expect(connection.verify({ ...request, url: `${request.url}?x=1` })).toBe(false);
      expect(connection.verify({ ...request, rawBody: `${request.rawBody}&x=1` })).toBe(false);
    }
  });

  test('it reads what it signs, and says of anything else that it does not understand it', () => {
    for (const { request, kind } of wire.signed) {
      expect(connection.read(request).map((event) => event.kind)).toEqual([kind]);
      for (const rawBody of ['', '{', '\u0000', '%E0%A4%A', 'a=b&a=c', '[]'])
        expect([rawBody, connection.read({ ...request, rawBody }).map((event) => event.kind)]).toEqual([
          rawBody,
          ['unknown'],
        ]);
    }
  });
});
