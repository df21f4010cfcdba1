import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { createOutgoingClient } from '@signalbox/engine/http/outgoing';
import type {
  Connection,
  LookupQuery,
  OutboundSms,
  Provider,
  WebhookRequest,
} from '@signalbox/engine/providers/provider';
import { expect } from 'vitest';
import { until } from '../support/harness.ts';
import { bodyOf } from './webhook-request.ts';
import type { StartWire, Wire } from './wire.ts';

/** What the promises are asked of: one provider, connected to its fake. */
type Asked = {
  readonly provider: Provider;
  readonly wire: Wire;
  readonly connection: Connection;
  /** The same account where nobody listens. */
  readonly nowhere: Connection;
  /** At the same fake, with credentials of nobody's. */
  readonly stranger: Connection;
  /** A new text, with a reference of its own. */
  readonly message: (body?: string) => OutboundSms;
};

/** One promise of every provider; `keeps` rejects where it is broken. */
type Promised = { readonly name: string; readonly keeps: (asked: Asked) => Promise<void> };

/** Starts a provider's fake and connects to it. */
export async function openAsked(
  provider: Provider,
  start: StartWire,
): Promise<Asked & { readonly close: () => Promise<void> }> {
  const http = createOutgoingClient();
  const wire = await start();
  let made = 0;
  const nobody = 'http://127.0.0.1:9';
  const nobodys = Object.fromEntries(Object.keys(provider.origins ?? {}).map((name) => [name, nobody]));
  return {
    provider,
    wire,
    connection: provider.connect(wire.account, http),
    nowhere: provider.connect({ ...wire.account, baseUrl: nobody, origins: nobodys }, http),
    stranger: provider.connect({ ...wire.account, credentials: wire.stranger }, http),
    message: (body) => {
      made += 1;
      const id = `00000000-0000-7000-8000-${String(made).padStart(12, '0')}`;
      const room = provider.limits.reference;
      const reference = room > 0 && room < id.length ? id.slice(-room) : id;
      const callbackUrl = `http://127.0.0.1:1/status?attempt=${id}`;
      return { from: wire.from, to: wire.to, body: body ?? `Text ${made}`, media: [], reference, callbackUrl };
    },
    close: async () => {
      await http.close();
      await wire.close();
    },
  };
}

/** Providers without a wire, wires without a provider, and providers of one type, of which only one would ever be asked. */
export function unpaired(providers: ReadonlyArray<{ readonly type: string }>, wires: Iterable<string>): string[] {
  const types = providers.map(({ type }) => type);
  const known = [...wires];
  const alone = [...types.filter((type) => !known.includes(type)), ...known.filter((type) => !types.includes(type))];
  return [...alone, ...types.filter((type, index) => types.indexOf(type) < index)].sort();
}

/** The providers at which a demo would have its sample account. */
export const sampled = (providers: readonly Provider[]): string[] =>
  providers.filter(({ demo }) => demo?.sample !== undefined).map(({ type }) => type);

/** The ids under which a send was accepted; none where it was not. */
async function idsOf({ connection }: Asked, message: OutboundSms): Promise<readonly string[]> {
  const outcome = await connection.send(message, 5_000);
  return outcome.kind === 'accepted' ? [outcome.providerId, ...(outcome.partIds ?? [])] : [];
}

/** Bodies and queries that no provider sends. */
const junk = ['', '{', '\u0000', '%E0%A4%A', 'a=b&a=c', '[]', '[null]', '{"a":[1]}', 'null'];

/** What every provider promises. */
export const promises: readonly Promised[] = [
  {
    name: 'its example fits its own fields, and names what is secret among them',
    keeps: async ({ provider }) => {
      const { fields, identity, secrets, options = [], example } = provider.account;
      expect(fields.safeParse(example).success).toBe(true);
      const named = identity === null ? secrets : [identity, ...secrets];
      for (const name of named) expect(Object.keys(fields.shape)).toContain(name);
      expect(named.length).toBeGreaterThan(0);
      expect(secrets).not.toContain(identity);
      for (const name of options) {
        expect(Object.keys(fields.shape)).toContain(name);
        expect(secrets).not.toContain(name);
      }
      for (const origin of [provider.baseUrl, ...Object.values(provider.origins ?? {})])
        expect(new URL(origin).origin).toBe(origin);
      expect(provider.senders.length).toBeGreaterThan(0);
    },
  },
  {
    name: 'what is taken is accepted, once, with the ids that the provider gave, as it was written',
    keeps: async (asked) => {
      const before = asked.wire.taken().length;
      const text = asked.message();
      const ids = await idsOf(asked, text);
      expect(asked.wire.taken().slice(before)).toMatchObject([{ ids, body: text.body }]);
    },
  },
  {
    name: 'the longest text that it names is taken whole',
    keeps: async (asked) => {
      const { gsm7, ucs2 } = asked.provider.limits.textLength;
      for (const body of ['a'.repeat(gsm7), 'я'.repeat(ucs2)]) {
        expect(await idsOf(asked, asked.message(body))).not.toEqual([]);
        expect(asked.wire.taken().at(-1)?.body).toBe(body);
      }
    },
  },
  {
    name: 'pictures go with the text as they are, where it sends them, are found in its list, and it says how many and how large',
    keeps: async (asked) => {
      const { capabilities, limits, account } = asked.provider;
      expect(capabilities.media).toBe(limits.media !== undefined);
      if (limits.media === undefined) return;
      expect(Object.keys(limits.media.types)).toEqual(expect.arrayContaining(['image/jpeg', 'image/png', 'image/gif']));
      for (const most of Object.values(limits.media.types)) expect(most).toBeLessThanOrEqual(limits.media.bytes);
      const ways = Object.entries(limits.media.options ?? {});
      for (const [name] of ways) expect(account.options).toContain(name);
      const sends = ways.every(([name, value]) => asked.wire.account.credentials[name] === value);
      const bytes = Buffer.from('GIF89a0101000;');
      const server = createServer((_request, response) =>
        response.writeHead(200, { 'content-type': 'image/gif' }).end(bytes),
      );
      try {
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        const address = server.address();
        const port = typeof address === 'object' && address !== null ? address.port : 0;
        const file = { url: `http://127.0.0.1:${port}/picture`, type: 'image/gif', read: async () => bytes };
        const message = { ...asked.message(), media: [file] };
        if (!sends) {
          const before = asked.wire.taken().length;
          const outcome = await asked.connection.send(message, 5_000);
          expect(outcome).toMatchObject({ kind: 'refused', errorClass: 'unsupported' });
          expect(asked.wire.taken()).toHaveLength(before);
          return;
        }
        const query: LookupQuery = { ...message, hasMedia: true, since: new Date() };
        const ids = await idsOf(asked, message);
        expect(ids).not.toEqual([]);
        const finds = asked.wire.lookup?.some(({ answer, arrange }) => answer === 'found' && arrange === undefined);
        if (finds === true) {
          const found = await asked.connection.lookup?.(query, 5_000);
          expect(Array.isArray(found) ? found.map(({ providerId }) => providerId) : found).toEqual(ids.slice(0, 1));
        }
        const hash = createHash('sha256').update(bytes).digest('hex');
        await until('the picture to be fetched', () => asked.wire.pictures?.().at(-1) === hash);
      } finally {
        server.close();
      }
    },
  },
  {
    name: 'our reference travels where there is room for it',
    keeps: async (asked) => {
      const text = asked.message();
      const room = asked.provider.limits.reference;
      await idsOf(asked, text);
      const reference = asked.wire.taken().at(-1)?.reference ?? null;
      expect(reference).toBe(room > 0 ? text.reference : null);
    },
  },
  {
    name: 'what is refused is provably not sent, with its class',
    keeps: async ({ wire, connection, message }) => {
      const before = wire.taken().length;
      for (const { errorClass, arrange } of wire.refusals) {
        arrange();
        expect(await connection.send(message(), 5_000)).toMatchObject({ kind: 'refused', errorClass });
      }
      expect(wire.taken()).toHaveLength(before);
    },
  },
  {
    name: 'silence, a torn answer and an error of the provider leave a doubt, never a refusal',
    keeps: async ({ wire, connection, message }) => {
      for (const { name, arrange } of wire.doubts) {
        arrange();
        expect([name, await connection.send(message(), 500)]).toEqual([
          name,
          expect.objectContaining({ kind: 'ambiguous' }),
        ]);
      }
    },
  },
  {
    name: 'nobody there: provably not sent',
    keeps: async ({ nowhere, message }) => {
      expect(await nowhere.send(message(), 2_000)).toMatchObject({ kind: 'refused', errorClass: 'transient' });
    },
  },
  {
    name: 'it says whether the account works, and what is left in it',
    keeps: async ({ wire, connection, nowhere, stranger, message }) => {
      const checked = await connection.check(5_000);
      expect(checked).toEqual({ ok: true, balance: wire.balance === null ? null : expect.anything() });
      // Something may have been sent meanwhile.
      if (checked.ok && checked.balance !== null && wire.balance !== null) {
        expect(checked.balance.currency).toBe(wire.balance.currency);
        expect(checked.balance.microUnits).toBeLessThanOrEqual(wire.balance.microUnits);
        expect(checked.balance.microUnits).toBeGreaterThan(wire.balance.microUnits / 2n);
      }
      expect(await nowhere.check(2_000)).toMatchObject({ ok: false, errorClass: 'transient' });
      expect(await stranger.check(5_000)).toMatchObject({ ok: false, errorClass: 'auth' });
      expect(await stranger.send(message(), 5_000)).toMatchObject({ kind: 'refused', errorClass: 'auth' });
    },
  },
  {
    name: 'a doubt is cleared by the list, where the provider has one, or the list says that it cannot tell',
    keeps: async (asked) => {
      const { wire, connection, nowhere, message } = asked;
      expect(wire.lookup !== undefined).toBe(connection.lookup !== undefined);
      for (const { name, arrange, answer } of wire.lookup ?? []) {
        const text = message();
        const query: LookupQuery = { ...text, hasMedia: false, since: new Date() };
        const ids = await idsOf(asked, text);
        arrange?.(query);
        const found = await connection.lookup?.(query, 5_000);
        const told = Array.isArray(found) ? found.map(({ providerId }) => providerId) : found;
        expect([name, told]).toEqual([name, answer === 'found' ? ids.slice(0, 1) : answer]);
        // What never came is never found. A list that cannot be read says neither.
        const never = await connection.lookup?.({ ...query, ...message('Never sent') }, 5_000);
        expect([[], 'cannot_tell']).toContainEqual(never);
        await expect(nowhere.lookup?.(query, 2_000)).rejects.toThrow();
      }
    },
  },
  {
    name: 'its list of opt-outs is read whole, and from a moment on, where it has one',
    keeps: async ({ wire, connection, nowhere }) => {
      expect(wire.optOuts !== undefined).toBe(connection.optOuts !== undefined);
      const { optOuts } = wire;
      if (optOuts === undefined) return;
      const sorted = (list: Wire['optOuts']) => [...(list ?? [])].sort((a, b) => (a.number < b.number ? -1 : 1));
      const moments = new Set(optOuts.map(({ at }) => at.getTime()));
      expect(moments.size).toBeGreaterThan(1);
      expect(sorted(await connection.optOuts?.(null, 5_000))).toEqual(sorted(optOuts));
      for (const since of moments)
        expect(sorted(await connection.optOuts?.(new Date(since), 5_000))).toEqual(
          sorted(optOuts.filter(({ at }) => at.getTime() >= since)),
        );
      await expect(nowhere.optOuts?.(null, 2_000)).rejects.toThrow();
    },
  },
  {
    name: 'it says what a segment costs, where it can be asked',
    keeps: async ({ wire, connection, nowhere }) => {
      expect(wire.price !== undefined).toBe(connection.price !== undefined);
      for (const { to, price } of wire.price ?? []) {
        expect([to, await connection.price?.(to, 5_000)]).toEqual([to, price]);
        await expect(nowhere.price?.(to, 2_000)).rejects.toThrow();
      }
    },
  },
  {
    name: 'it says what a message cost, where that is told later',
    keeps: async ({ wire, connection, nowhere }) => {
      expect(wire.costOf !== undefined).toBe(connection.costOf !== undefined);
      if (wire.costOf === undefined) return;
      const { providerId, cost } = await wire.costOf();
      expect(await connection.costOf?.(providerId, 5_000)).toEqual(cost);
      expect(await connection.costOf?.(providerId.replace(/[0-9a-f]{4}$/, 'ffff'), 5_000)).toBeNull();
      await expect(nowhere.costOf?.(providerId, 2_000)).rejects.toThrow();
    },
  },
  {
    name: 'it asks itself about what a request merely hints at, where it does not believe one',
    keeps: async ({ wire, connection, nowhere }) => {
      expect(wire.confirm !== undefined).toBe(connection.confirm !== undefined);
      for (const { providerId, events } of wire.confirm ?? []) {
        expect([providerId, await connection.confirm?.(providerId, 5_000)]).toEqual([providerId, events]);
        expect(await connection.confirm?.(`${providerId}-no`, 5_000)).toEqual([]);
        await expect(nowhere.confirm?.(providerId, 2_000)).rejects.toThrow();
      }
    },
  },
  {
    name: 'it tells by itself of texts and receipts, where its list holds both',
    keeps: async ({ provider, wire, connection, nowhere }) => {
      expect(wire.poll !== undefined).toBe(connection.poll !== undefined);
      expect(connection.poll !== undefined).toBe(provider.capabilities.polls);
      if (wire.poll === undefined) return;
      const { since, events } = await wire.poll();
      expect(events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['text', 'receipt']));
      expect(await connection.poll?.(since, 5_000)).toEqual(expect.arrayContaining([...events]));
      const later = await connection.poll?.(new Date(Date.now() + 86_400_000), 5_000);
      expect(later).toEqual([]);
      await expect(nowhere.poll?.(since, 2_000)).rejects.toThrow();
    },
  },
  {
    name: 'a request is believed as it was signed, and in no other form',
    keeps: async ({ provider, wire, connection }) => {
      const { verify } = connection;
      expect(verify !== undefined).toBe(provider.capabilities.signed);
      for (const { name, request, spoilt } of wire.webhooks) {
        expect([name, spoilt !== null]).toEqual([name, provider.capabilities.signed]);
        if (verify === undefined) continue;
        expect([name, verify(request)]).toEqual([name, true]);
        for (const [how, requests] of Object.entries(spoilt ?? {}))
          for (const each of requests) expect([name, how, verify(each)]).toEqual([name, how, false]);
      }
    },
  },
  {
    name: 'it reads what it signs, by every method that it uses, each event in its order',
    keeps: async ({ provider, wire, connection }) => {
      for (const { name, request, events } of wire.webhooks)
        expect([name, connection.read(request)]).toEqual([name, events]);
      const used = new Set(wire.webhooks.map(({ request }) => request.method));
      expect([...used].sort()).toEqual([...provider.webhooks.methods].sort());
      const kinds = wire.webhooks.flatMap(({ events }) => events.map(({ kind }) => kind));
      expect(kinds.some((kind) => kind === 'text' || kind === 'hint')).toBe(true);
      expect(kinds.some((kind) => kind === 'receipt' || kind === 'hint')).toBe(true);
    },
  },
  {
    name: 'it says of anything else that it does not understand it, and takes nothing for a text or a receipt',
    keeps: async ({ wire, connection }) => {
      const kinds = (request: WebhookRequest) => connection.read(request).map(({ kind }) => kind);
      for (const request of wire.unreadable) expect(kinds(request)).toEqual(['unknown']);
      for (const { request } of wire.webhooks) {
        const [bare = ''] = request.url.split('?');
        for (const rubbish of junk) {
          const query = new URLSearchParams(rubbish);
          const read = kinds({ ...request, url: `${bare}?${query}`, query, ...bodyOf(rubbish) });
          expect([rubbish, read.filter((kind) => kind !== 'unknown')]).toEqual([rubbish, []]);
        }
      }
    },
  },
];
