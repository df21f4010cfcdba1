import { join } from 'node:path';
import { providers } from '@signalbox/engine/providers/catalogue.gen';
import type { Connection, Provider, ProviderEvent } from '@signalbox/engine/providers/provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAsked, promises, sampled, unpaired } from './conformance.ts';
import { byQuery, byQueryWire, sentAt } from './planted/by-query.ts';
import { inArrays, inArraysWire } from './planted/in-arrays.ts';
import { loadWires, type StartWire, type Wire } from './wire.ts';

/** What every provider promises, asked of each against its own wire format over HTTP. */
const wires = await loadWires(join(import.meta.dirname, 'wires'));

test('every provider of the catalogue has a wire to be asked over', () => {
  expect(unpaired(providers, wires.keys())).toEqual([]);
});

test('a provider without a wire is seen, a wire without a provider, and a second provider of a type', () => {
  expect(unpaired([...providers, byQuery], wires.keys())).toEqual(['by-query']);
  expect(unpaired(providers, [...wires.keys(), 'left-over'])).toEqual(['left-over']);
  expect(unpaired([...providers, byQuery, byQuery], [...wires.keys(), 'by-query'])).toEqual(['by-query']);
});

test('one provider has the sample account of a demo, whatever else the carrier speaks', () => {
  expect(sampled(providers)).toHaveLength(1);
  const known = () => ({});
  const spoken = { ...byQuery, demo: { known } };
  expect(sampled([spoken, ...providers])).toEqual(sampled(providers));
  expect(sampled([{ ...spoken, demo: { known, sample: known } }, ...providers])).toHaveLength(2);
});

describe.each(providers)('$title', (provider) => {
  let asked: Awaited<ReturnType<typeof openAsked>>;
  beforeAll(async () => {
    const start = wires.get(provider.type);
    if (start === undefined) throw new Error(`no wire for ${provider.type}`);
    asked = await openAsked(provider, start);
  });
  afterAll(() => asked.close());

  test.each(promises)('$name', ({ keeps }) => keeps(asked));
});

/** The first words of each promise that a provider breaks. */
async function broken(provider: Provider, start: StartWire): Promise<string[]> {
  const asked = await openAsked(provider, start);
  const failed: string[] = [];
  try {
    for (const { name, keeps } of promises) {
      await keeps(asked).catch(() => failed.push(name));
    }
  } finally {
    await asked.close();
  }
  return failed.map((name) => name.split(/[,:]/)[0] ?? '');
}

/** The provider with some of its connection done wrong. */
const faulty = (provider: Provider, wrong: (connection: Connection) => Partial<Connection>): Provider => ({
  ...provider,
  connect: (account, http) => {
    const connection = provider.connect(account, http);
    return { ...connection, ...wrong(connection) };
  },
});
const without =
  (start: StartWire, part: 'lookup' | 'optOuts' | 'price' | 'costOf' | 'confirm' | 'poll'): StartWire =>
  async () => {
    const { [part]: _left, ...rest }: Wire = await start();
    return rest;
  };
const only = (event: ProviderEvent | undefined) => (event === undefined ? [] : [event]);

describe.concurrent.each([
  { provider: byQuery, start: byQueryWire },
  { provider: inArrays, start: inArraysWire },
])('the table fits a provider that tells $provider.title', ({ provider, start }) => {
  test('and it passes', async () => expect(await broken(provider, start)).toEqual([]));

  const example = 'its example fits its own fields';
  const refuses = 'what is refused is provably not sent';
  const nobody = 'nobody there';
  const believed = 'a request is believed as it was signed';
  const reads = 'it reads what it signs';
  const others = 'it says of anything else that it does not understand it';
  const accepts = 'what is taken is accepted';
  const doubts = 'silence';
  const works = 'it says whether the account works';
  const asks = 'it asks itself about what a request merely hints at';
  const polls = 'it tells by itself of texts and receipts';
  const lookup = 'a doubt is cleared by the list';
  const optOuts = 'its list of opt-outs is read whole';
  const price = 'it says what a segment costs';
  const costs = 'it says what a message cost';
  const faults: ReadonlyArray<{
    readonly of?: Provider;
    readonly fault: string;
    readonly wrong: (connection: Connection) => Partial<Connection>;
    readonly breaks: readonly string[];
  }> = [
    { of: byQuery, fault: 'refuses what was signed', wrong: () => ({ verify: () => false }), breaks: [believed] },
    { of: byQuery, fault: 'believes whatever comes', wrong: () => ({ verify: () => true }), breaks: [believed] },
    {
      of: byQuery,
      fault: 'believes what was signed long ago',
      wrong: ({ verify }) => ({ verify: (request) => verify?.({ ...request, receivedAt: sentAt }) === true }),
      breaks: [believed],
    },
    {
      of: byQuery,
      fault: 'checks the signature of another request',
      wrong: ({ verify }) => ({
        verify: (request) => verify?.({ ...request, url: request.url.replace(/id=another/, 'id=in-1') }) === true,
      }),
      breaks: [believed],
    },
    {
      of: byQuery,
      fault: 'reads the body alone',
      wrong: ({ read }) => ({ read: (request) => read({ ...request, query: new URLSearchParams(request.rawBody) }) }),
      breaks: [reads],
    },
    {
      of: inArrays,
      fault: 'reads the first entry of an array',
      wrong: ({ read }) => ({ read: (request) => only(read(request)[0]) }),
      breaks: [reads],
    },
    {
      fault: 'takes anything for a text',
      wrong: ({ read }) => ({
        read: (request) =>
          read(request).map((event) =>
            event.kind === 'unknown'
              ? { kind: 'text', providerId: '', from: '', to: '', body: '', media: [], carrierWord: null }
              : event,
          ),
      }),
      breaks: [others],
    },
    {
      fault: 'throws for what it does not understand',
      wrong: ({ read }) => ({
        read: (request) => {
          const events = read(request);
          if (events.some(({ kind }) => kind === 'unknown')) throw new Error('not understood');
          return events;
        },
      }),
      breaks: [others],
    },
    {
      fault: 'sends half of a text',
      wrong: ({ send }) => ({ send: (message, ms) => send({ ...message, body: message.body.slice(1) }, ms) }),
      breaks: [accepts, 'the longest text that it names is taken whole'],
    },
    {
      fault: 'makes up the id',
      wrong: ({ send }) => ({
        send: async (message, ms) => {
          const outcome = await send(message, ms);
          return outcome.kind === 'accepted' ? { ...outcome, providerId: 'made up' } : outcome;
        },
      }),
      breaks: provider.type === 'in-arrays' ? [accepts, lookup] : [accepts],
    },
    {
      fault: 'calls a refusal a doubt',
      wrong: ({ send }) => ({
        send: async (message, ms) => {
          const outcome = await send(message, ms);
          return outcome.kind === 'refused' && outcome.errorClass !== 'transient'
            ? { kind: 'ambiguous', code: outcome.code }
            : outcome;
        },
      }),
      breaks: [refuses, works],
    },
    {
      fault: 'calls every refusal by one class',
      wrong: ({ send }) => ({
        send: async (message, ms) => {
          const outcome = await send(message, ms);
          return outcome.kind === 'refused' ? { ...outcome, errorClass: 'transient' } : outcome;
        },
      }),
      breaks: [refuses, works],
    },
    {
      fault: 'sends once more what was refused',
      wrong: ({ send }) => ({
        send: async (message, ms) => {
          const outcome = await send(message, ms);
          if (outcome.kind === 'refused') await send(message, ms);
          return outcome;
        },
      }),
      breaks: [refuses],
    },
    {
      fault: 'is in doubt where nobody was there',
      wrong: ({ send }) => ({
        send: async (message, ms) => {
          const outcome = await send(message, ms);
          return outcome.kind === 'refused' && outcome.errorClass === 'transient'
            ? { kind: 'ambiguous', code: outcome.code }
            : outcome;
        },
      }),
      breaks: [nobody],
    },
    {
      fault: 'gives a number up because nobody was there',
      wrong: ({ send }) => ({
        send: async (message, ms) => {
          const outcome = await send(message, ms);
          return outcome.kind === 'refused' && outcome.errorClass === 'transient'
            ? { ...outcome, errorClass: 'invalid_number' }
            : outcome;
        },
      }),
      breaks: [nobody],
    },
    {
      fault: 'calls a doubt a refusal',
      wrong: ({ send }) => ({
        send: async (message, ms) => {
          const outcome = await send(message, ms);
          return outcome.kind === 'ambiguous'
            ? { kind: 'refused', errorClass: 'transient', code: outcome.code, retryAfterMs: null }
            : outcome;
        },
      }),
      breaks: [doubts],
    },
    {
      fault: 'knows of no balance',
      wrong: () => ({ check: async () => ({ ok: true, balance: null }) }),
      breaks: [works],
    },
    {
      of: inArrays,
      fault: 'believes every hint',
      wrong: ({ confirm }) => ({ confirm: async (_, ms) => (await confirm?.('in-1', ms)) ?? [] }),
      breaks: [asks],
    },
    {
      of: inArrays,
      fault: 'tells of what was long ago',
      wrong: ({ poll }) => ({ poll: async (_, ms) => (await poll?.(new Date(0), ms)) ?? [] }),
      breaks: [polls],
    },
    {
      of: byQuery,
      fault: 'finds nothing where it cannot tell',
      wrong: () => ({ lookup: async () => [] }),
      breaks: [lookup],
    },
    {
      of: inArrays,
      fault: 'tells what it cannot',
      wrong: ({ lookup: look }) => ({
        lookup: async (query, ms) => {
          const answer = await look?.(query, ms);
          return answer === undefined || answer === 'cannot_tell' ? [] : answer;
        },
      }),
      breaks: [lookup],
    },
    {
      of: inArrays,
      fault: 'finds what is not its own',
      wrong: ({ lookup: look }) => ({
        lookup: async (query, ms) => {
          const answer = await look?.(query, ms);
          const theirs = { providerId: 'id-0-0', createdAt: new Date(0), status: 'accepted' } as const;
          return answer === undefined || answer === 'cannot_tell' ? 'cannot_tell' : [theirs, ...answer];
        },
      }),
      breaks: [lookup],
    },
    {
      of: inArrays,
      fault: 'reads opt-outs of any time',
      wrong: ({ optOuts: read }) => ({ optOuts: async (_, ms) => (await read?.(null, ms)) ?? [] }),
      breaks: [optOuts],
    },
    {
      of: inArrays,
      fault: 'says that nothing costs anything',
      wrong: () => ({ price: async () => null }),
      breaks: [price],
    },
    {
      of: inArrays,
      fault: 'says of any message that it cost something',
      wrong: () => ({ costOf: async () => ({ microUnits: 15_800n, currency: 'USD' }) }),
      breaks: [costs],
    },
  ];

  test.each(faults.filter(({ of }) => of === undefined || of === provider))(
    'but not where it $fault',
    async ({ wrong, breaks }) => {
      expect(await broken(faulty(provider, wrong), start)).toEqual(breaks);
    },
  );

  test('nor where its definition says more than it does', async () => {
    const { limits, webhooks, capabilities } = provider;
    const longer = { ...provider, limits: { ...limits, reference: limits.reference === 20 ? 36 : 0 } };
    expect(await broken(longer, start)).toEqual(['our reference travels where there is room for it']);
    const methods = { ...provider, webhooks: { ...webhooks, methods: ['GET', 'POST'] as const } };
    expect(await broken(methods, start)).toEqual([reads]);
    const signed = { ...provider, capabilities: { ...capabilities, signed: !capabilities.signed } };
    expect(await broken(signed, start)).toEqual([believed]);
    const polling = { ...provider, capabilities: { ...capabilities, polls: !capabilities.polls } };
    expect(await broken(polling, start)).toEqual([polls]);
  });

  const { account } = provider;
  const misdescribed: ReadonlyArray<readonly [string, Partial<Provider>]> = [
    ['whose example lacks a field', { account: { ...account, example: {} } }],
    ['named by a field that it has not', { account: { ...account, identity: 'nick' } }],
    ['with a secret that is no field', { account: { ...account, secrets: [...account.secrets, 'nick'] } }],
    ['that tells its ways apart by what is secret', { account: { ...account, options: account.secrets } }],
    ['that tells its ways apart by a field that it has not', { account: { ...account, options: ['nick'] } }],
    ['named by what is secret', { account: { ...account, secrets: [account.identity ?? ''] } }],
    ['that nothing names', { account: { ...account, identity: null, secrets: [] } }],
    ['whose address has a path', { baseUrl: `${provider.baseUrl}/v1` }],
    ['without a kind of sender', { senders: [] }],
  ];
  test.each(misdescribed)('nor one %s', async (_name, wrong) => {
    expect(await broken({ ...provider, ...wrong }, start)).toEqual([example]);
  });

  test('nor where it offers what its wire does not show', async () => {
    expect(await broken(provider, without(start, 'lookup'))).toEqual([lookup]);
    if (provider !== inArrays) return;
    expect(await broken(provider, without(start, 'optOuts'))).toEqual([optOuts]);
    expect(await broken(provider, without(start, 'price'))).toEqual([price]);
    expect(await broken(provider, without(start, 'confirm'))).toEqual([asks]);
    expect(await broken(provider, without(start, 'poll'))).toEqual([polls]);
    expect(await broken(provider, without(start, 'costOf'))).toEqual([costs]);
  });
});
