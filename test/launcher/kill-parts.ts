import { setTimeout as delay } from 'node:timers/promises';
import { processIdentity } from '@signalbox/launcher/process-identity';
import { expect } from 'vitest';
import { z } from 'zod';
import type { LocalProduct } from '../editor/support/product.ts';
import { until } from '../support/harness.ts';
import { strandedEnrollments } from '../support/ownership.ts';
import { seeded } from '../support/seeded.ts';

/** The parts of a local start by the names of their processes. */
export const parts = ['engine', 'temporal', 'postgres', 'demo carrier'] as const;
export type PartName = (typeof parts)[number];

/** Short leases, so that what a kill leaves in doubt is soon known. */
export const shortLeases = {
  DISPATCH_LEASE_MS: '4000',
  DISPATCH_HTTP_TIMEOUT_MS: '2000',
  DISPATCH_MARGIN_MS: '200',
  UNKNOWN_LOOKUP_EVERY_MS: '500',
  UNKNOWN_DEADLINE_MS: '10000',
  UNKNOWN_LINE_MS: '1000',
} as const;

/** The sample flow answers HELLO with a question, and YES with a first tip. */
const question = /Would you like a tip a week\?/;
const tip = /^Good\. The first tip/;

const shownSchema = z.object({ data: z.array(z.object({ direction: z.string(), body: z.string() })) });
const numbersSchema = z.object({ data: z.array(z.object({ number: z.string() })).min(1) });

type World = {
  readonly product: LocalProduct;
  readonly carrierUrl: string;
  readonly businessNumber: string;
};

/** Asks the carrier; somebody whose phone has no signal tries again. */
async function carrier<T>(url: string, schema: z.ZodType<T>, body?: object): Promise<T> {
  return until(`${url} to answer`, async () => {
    try {
      const response = await fetch(url, {
        ...(body === undefined
          ? {}
          : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(3_000),
      });
      return response.ok ? { answer: schema.parse(await response.json()) } : null;
    } catch {
      return null;
    }
  }).then(({ answer }) => answer);
}

const text = ({ carrierUrl, businessNumber }: World, phone: string, body: string): Promise<unknown> =>
  carrier(`${carrierUrl}/_carrier/phones/${phone}/messages`, z.unknown(), { to: businessNumber, body });

async function received({ carrierUrl }: World, phone: string): Promise<string[]> {
  const { data } = await carrier(`${carrierUrl}/_carrier/phones/${phone}/messages?limit=500`, shownSchema);
  return data.filter((message) => message.direction === 'incoming').map((message) => message.body);
}

/** Where the product's carrier is, and the number that people text. */
async function openWorld(product: LocalProduct): Promise<World> {
  const [account] = await product.sql('SELECT base_url FROM accounts');
  const carrierUrl = z.string().parse(account?.base_url);
  const numbers = await carrier(`${carrierUrl}/_carrier/numbers`, numbersSchema);
  return { product, carrierUrl, businessNumber: numbers.data[0]?.number ?? '' };
}

/** Kills these parts as a power cut would, and waits until others have taken their places and the product is ready. */
async function strike(product: LocalProduct, names: readonly PartName[]): Promise<void> {
  const struck = product.children().filter((child) => names.some((name) => name === child.name));
  expect(struck.map((child) => child.name).sort()).toEqual([...names].sort());
  for (const { pid } of struck) process.kill(pid, 'SIGKILL');
  const gone = new Set(struck.map((child) => child.pid));
  await until(
    `${names.join(', ')} to run again`,
    async () => {
      const children = product.children();
      if (children.some((child) => gone.has(child.pid))) return false;
      const living = children.filter((child) => processIdentity(child.pid) === child.identity);
      if (!parts.every((name) => living.some((child) => child.name === name))) return false;
      const ready = await fetch(`${product.url}/readyz`, { signal: AbortSignal.timeout(3_000) }).catch(() => null);
      return ready?.status === 200;
    },
    60_000,
  );
}

/** Attempts that were closed without ever having been seen at the carrier: nobody got these texts, and nobody will. */
async function givenUp(product: LocalProduct): Promise<ReadonlySet<string>> {
  const rows = await product.sql(`SELECT c.phone FROM message_attempts a
    JOIN messages m ON m.workspace_id = a.workspace_id AND m.id = a.message_id
    JOIN contacts c ON c.workspace_id = m.workspace_id AND c.id = m.contact_id WHERE a.state = 'gave_up'`);
  return new Set(rows.map((row) => String(row.phone)));
}

/** What the database knows of these people: their texts, where they are in the flow and how far their messages got. */
async function whereTheyStand(product: LocalProduct, phones: readonly string[]): Promise<string> {
  const rows = await product.sql(
    `SELECT now() AS at, c.phone,
       (SELECT json_agg(m ORDER BY m.created_at) FROM messages m WHERE m.contact_id = c.id) AS messages,
       (SELECT json_agg(q) FROM messages m JOIN message_queue q ON q.message_id = m.id WHERE m.contact_id = c.id) AS queued,
       (SELECT json_agg(a) FROM messages m JOIN message_attempts a ON a.message_id = m.id WHERE m.contact_id = c.id) AS attempts,
       (SELECT json_agg(e) FROM enrollments e WHERE e.contact_id = c.id) AS places,
       (SELECT json_agg(r) FROM enrollments e JOIN runs r ON r.id = e.run_id WHERE e.contact_id = c.id) AS runs,
       (SELECT json_agg(h) FROM enrollment_history h WHERE h.contact_id = c.id) AS ends
     FROM contacts c WHERE c.phone = ANY($1)`,
    [phones],
  );
  return JSON.stringify(rows, null, 1);
}

/**
 * Kills parts while people text HELLO and others, who did so in the round before, answer YES. Then everybody has the question and
 * the tip once each, nobody is stranded, and the carrier took no text twice.
 */
export async function killWhilePeopleMove(
  product: LocalProduct,
  rounds: ReadonlyArray<readonly PartName[]>,
  options: { readonly seed: number; readonly people: number; readonly firstPhone: number },
): Promise<void> {
  const random = seeded(options.seed);
  const world = await openWorld(product);
  const groups = [...rounds, ['engine'] as const].map((_, round) =>
    Array.from({ length: options.people }, (__, person) => `+1${options.firstPhone + round * options.people + person}`),
  );
  const has = (phones: readonly string[], what: RegExp) =>
    until(
      `${phones.length} people to have ${what}`,
      async () => {
        const lost = await givenUp(product).catch(() => new Set<string>());
        const texts = await Promise.all(phones.map((phone) => received(world, phone)));
        return phones.every((phone, index) => lost.has(phone) || texts[index]?.some((body) => what.test(body)));
      },
      60_000,
    ).catch(async (error: unknown) => {
      throw new Error(`Where they stand: ${await whereTheyStand(product, phones)}`, { cause: error });
    });
  let before: readonly string[] = [];
  for (const [round, names] of rounds.entries()) {
    const group = groups[round] ?? [];
    const moving = [
      ...group.map((phone) => text(world, phone, 'hello')),
      ...before.map((phone) => text(world, phone, 'yes')),
    ];
    await delay(random() * 250);
    await strike(product, names);
    await Promise.all(moving);
    await has(group, question);
    await has(before, tip);
    before = group;
  }
  await Promise.all(before.map((phone) => text(world, phone, 'yes')));
  await has(before, tip);

  const lost = await givenUp(product);
  const everyone = groups.slice(0, rounds.length).flat();
  for (const phone of everyone) {
    if (lost.has(phone)) continue;
    expect(await received(world, phone), `the texts on ${phone}`).toEqual([
      expect.stringMatching(question),
      expect.stringMatching(tip),
    ]);
  }
  expect(lost.size, 'texts that never left').toBeLessThanOrEqual(rounds.length);
  await until('everyone to end', async () => {
    const ends = await product.sql(
      `SELECT c.phone, h.outcome FROM enrollment_history h
       JOIN contacts c ON c.workspace_id = h.workspace_id AND c.id = h.contact_id WHERE c.phone = ANY($1)`,
      [everyone],
    );
    return ends.length === everyone.length && ends.every((end) => end.outcome === 'finished');
  });
  expect(await strandedEnrollments(product.ownerUrl())).toEqual([]);
  expect(
    await carrier(`${world.carrierUrl}/_carrier/ledger/repeats`, z.object({ data: z.array(z.unknown()) })),
  ).toEqual({
    data: [],
  });
}
