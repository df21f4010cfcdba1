import type { WorkspaceTx } from '@signalbox/engine/db/database';
import { shown } from '@signalbox/engine/http/ids';
import type { AttributeValue } from '@signalbox/nodes/define/contact-fields';
import { sampleContact } from '@signalbox/nodes/define/in-memory-ports';
import type { ConsentState } from '@signalbox/nodes/define/ports';
import type { ConditionRecord } from '@signalbox/nodes/flow/condition-values';
import fc from 'fast-check';
import { sql } from 'kysely';

const dayMs = 86_400_000;
export const now = new Date('2026-03-02T15:00:00.000Z');
/** Moments around the edges of windows, to the millisecond. */
const moments = fc
  .record({
    days: fc.constantFrom(-1, 0, 1, 2, 7, 30, 365),
    ms: fc.constantFrom(-1, 0, 1, 3_600_000),
  })
  .map(({ days, ms }) => new Date(now.getTime() - days * dayMs + ms));

/** Texts as people write them, with what is folded, trimmed, signed or not plain at all. */
export const oddTexts = fc.oneof(
  fc.constantFrom(
    ...[
      'gold',
      'Gold',
      ' GOLD! ',
      'golden',
      '“gold”',
      'ｇｏｌｄ',
      'José',
      'JOSÉ',
      'jose',
      'Straße',
      'strasse',
      'ΣΟΦΙΑΣ',
      'σοφιας',
    ],
    ...[
      'Diyarbakır',
      'DİYARBAKIR',
      '😀',
      '👍 gold',
      'new  york',
      'New York',
      '"New York".',
      "it's",
      'it`s',
      'it’s',
      'a\tb',
      '日本',
      'Иван',
      'ИВАН',
    ],
    ...[
      '5',
      '-5',
      '- 5',
      '(-5)',
      '.5',
      '...5',
      '5!',
      '5)',
      '(5)',
      '5 years',
      '1,200',
      '$25',
      '25th',
      '٥',
      '12.50',
      '-0.5',
      '007',
    ],
    ...['true', 'TRUE', ' false ', 'yes', 'no', 'nope', 'Yes please'],
    ...[
      '2026-02-28',
      '2026-02-30',
      '2026-03-01',
      '2026-01-15T12:00:00+02:00',
      '2026-02-28T15:00:00.123Z',
      '2026-02-28T15:00Z',
      ' 2026-03-02 ',
      '0000-01-01',
    ],
    ...[
      '',
      ' ',
      '\u200b',
      '?',
      '...',
      '#',
      '#1',
      '1#',
      'a@b.com',
      '.com',
      'comic',
      'x-',
      '-x',
      "'",
      '`',
      '[a]',
      'a\\b',
      '100%',
      'a_b',
      '^',
      'a|b',
      '}',
    ],
  ),
  fc.string({ unit: fc.constantFrom(..."aA5 .,-?!é#`'()éß€".split('')), maxLength: 7 }),
);
const values: fc.Arbitrary<AttributeValue> = fc.oneof(
  { weight: 6, arbitrary: oddTexts },
  { weight: 2, arbitrary: fc.constantFrom(0, 5, -5, 0.5, 10, 25, 1e21, 1e-7, 0.1, 1_200, 12.5) },
  { weight: 1, arbitrary: fc.boolean() },
  { weight: 1, arbitrary: fc.array(oddTexts, { maxLength: 3 }) },
  { weight: 1, arbitrary: moments.map((at) => at.toISOString()) },
);
const amounts = fc.oneof(
  fc.constantFrom<AttributeValue>(1e305, -1e305, 0.1, 0.2, 0.7, 5, -5, 100, '12.50', '$25', 'none', '٥', true),
  fc.integer({ min: -1_000, max: 1_000 }),
);

const ids = (prefix: 'list' | 'segment' | 'flow') =>
  [1, 2].map((n) => `018f0000-0000-7000-8000-00000000${{ list: '00', segment: '01', flow: '02' }[prefix]}0${n}`);
export const known = { list: ids('list'), segment: ids('segment'), flow: ids('flow') } as const;
export const eventTypes = ['order.placed', 'page.seen', 'message.received', 'link.clicked'] as const;

const happening = fc.record({
  type: fc.constantFrom(...eventTypes),
  at: moments,
  data: fc.record({ total: amounts, city: oddTexts }, { requiredKeys: [] }),
});
const message = fc.record({
  flow: fc.constantFrom(...known.flow, null),
  created: moments,
  accepted: fc.option(moments),
  delivered: fc.option(moments),
  state: fc.constantFrom('accepted', 'delivered', 'failed', 'undelivered', 'expired'),
});
const passage = fc.record({
  flow: fc.constantFrom(...known.flow),
  started: moments,
  finished: moments,
  outcome: fc.constantFrom('finished', 'failed', 'stopped'),
});
const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 3 });

const person = fc.record({
  first_name: nullable(oddTexts),
  email: nullable(oddTexts),
  engagement_score: nullable(fc.constantFrom(0, 12.5, -1, 1e-9)),
  created_at: moments,
  attributes: fc.record({ x: values, y: values }, { requiredKeys: [] }),
  blocked: fc.boolean(),
  consent: fc.record(
    {
      marketing: fc.constantFrom<ConsentState>('granted', 'revoked', 'pending'),
      otp: fc.constant<ConsentState>('granted'),
    },
    { requiredKeys: [] },
  ),
  lists: fc.subarray([...known.list]),
  segments: fc.subarray([...known.segment]),
  flows: fc.subarray([...known.flow]),
  events: fc.array(happening, { maxLength: 6 }),
  messages: fc.array(message, { maxLength: 3 }),
  passages: fc.array(passage, { maxLength: 2 }),
});
type Person = typeof person extends fc.Arbitrary<infer Made> ? Made : never;

/** People of all sorts, the same for the same seed. */
export const somePeople = (count: number, seed: number): Person[] => fc.sample(person, { numRuns: count, seed });

/** Somebody as the evaluator is asked about them. */
export function recordOf(one: Person, phone: string, started: Date): ConditionRecord {
  const of = (which: readonly string[], kind: 'list' | 'segment' | 'flow') =>
    new Set(which.map((id) => shown(kind, id)));
  const flow = (id: string | null) => (id === null ? null : shown('flow', id));
  const events = (type: string) =>
    one.events.filter((event) => event.type === type).map(({ at, data }) => ({ at, flow: null, data: ownData(data) }));
  const messages = (at: 'accepted' | 'delivered') =>
    one.messages.flatMap((sent) => (sent[at] === null ? [] : [{ at: sent[at], flow: flow(sent.flow), data: {} }]));
  return {
    contact: {
      ...sampleContact,
      first_name: one.first_name,
      last_name: null,
      email: one.email,
      external_id: null,
      phone,
      time_zone: null,
      engagement_score: one.engagement_score,
      created_at: one.created_at,
      attributes: ownData(one.attributes),
    },
    event: null,
    facts: {
      blocked: one.blocked,
      consent: one.consent,
      sets: {
        'contact.lists': of(one.lists, 'list'),
        'contact.tags': of(one.lists, 'list'),
        'contact.segments': of(one.segments, 'segment'),
        'contact.flows': of(one.flows, 'flow'),
      },
      happened: {
        ...Object.fromEntries(eventTypes.map((type) => [`events.${type}`, events(type)])),
        'messages.received': events('message.received'),
        'links.clicked': events('link.clicked'),
        'activity.any': one.events.map(({ at }) => ({ at, flow: null, data: {} })),
        'messages.sent': messages('accepted'),
        'messages.delivered': messages('delivered'),
        'messages.failed': one.messages
          .filter(({ state }) => state !== 'accepted' && state !== 'delivered')
          .map((sent) => ({ at: sent.created, flow: flow(sent.flow), data: {} })),
        'flows.entered': [
          ...one.flows.map((id) => ({ at: started, flow: flow(id), data: {} })),
          ...one.passages.map((each) => ({ at: each.started, flow: flow(each.flow), data: {} })),
        ],
        'flows.finished': one.passages
          .filter(({ outcome }) => outcome === 'finished')
          .map((each) => ({ at: each.finished, flow: flow(each.flow), data: {} })),
      },
    },
  };
}

/** Drops what a column of JSON does not hold. */
const ownData = (data: Readonly<Record<string, AttributeValue | undefined>>): Record<string, AttributeValue> =>
  Object.fromEntries(Object.entries(data).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));

/** Puts somebody into the database, with everything that happened to them. */
export async function storePerson(
  tx: WorkspaceTx,
  place: {
    readonly workspaceId: string;
    readonly accountId: string;
    readonly uuid: () => string;
    readonly started: Date;
  },
  one: Person,
  phone: string,
): Promise<string> {
  const { workspaceId, accountId, uuid, started } = place;
  const id = uuid();
  await sql`
    INSERT INTO numbers (workspace_id, number, suppressed_at) VALUES (${workspaceId}, ${phone}, ${one.blocked ? now : null})`.execute(
    tx,
  );
  await sql`
    INSERT INTO contacts (workspace_id, id, phone, first_name, email, engagement_score, attributes, created_at, updated_at)
    VALUES (${workspaceId}, ${id}, ${phone}, ${one.first_name}, ${one.email}, ${one.engagement_score}, ${JSON.stringify(one.attributes)}, ${one.created_at}, ${now})`.execute(
    tx,
  );
  for (const [purpose, state] of Object.entries(one.consent))
    await sql`INSERT INTO consents (workspace_id, contact_id, purpose, state, since) VALUES (${workspaceId}, ${id}, ${purpose}, ${state}, ${now})`.execute(
      tx,
    );
  for (const list of one.lists)
    await sql`INSERT INTO contact_list_members (workspace_id, list_id, contact_id, at) VALUES (${workspaceId}, ${list}, ${id}, ${now})`.execute(
      tx,
    );
  for (const segment of one.segments)
    await sql`INSERT INTO segment_members (workspace_id, segment_id, contact_id, since) VALUES (${workspaceId}, ${segment}, ${id}, ${now})`.execute(
      tx,
    );
  for (const flow of one.flows)
    await sql`INSERT INTO enrollments (workspace_id, id, flow_id, version_id, contact_id, started_at, state, step) VALUES (${workspaceId}, ${uuid()}, ${flow}, ${uuid()}, ${id}, ${started}, 4, 0)`.execute(
      tx,
    );
  for (const { type, at, data } of one.events)
    await sql`INSERT INTO events (workspace_id, id, type, contact_id, data, occurred_at, recorded_at) VALUES (${workspaceId}, ${uuid()}, ${type}, ${id}, ${JSON.stringify(data)}, ${at}, ${now})`.execute(
      tx,
    );
  for (const { flow, created, accepted, delivered, state } of one.messages)
    await sql`
      INSERT INTO messages (workspace_id, id, contact_id, account_id, flow_id, direction, state, sender, number, body, segments, encoding, created_at, accepted_at, delivered_at)
      VALUES (${workspaceId}, ${uuid()}, ${id}, ${accountId}, ${flow}, 'out', ${state}, 'x', ${phone}, 'x', 1, 'gsm', ${created}, ${accepted}, ${delivered})`.execute(
      tx,
    );
  for (const { flow, started: began, finished, outcome } of one.passages)
    await sql`
      INSERT INTO enrollment_history (workspace_id, id, flow_id, version_id, contact_id, outcome, step, hop, started_at, finished_at)
      VALUES (${workspaceId}, ${uuid()}, ${flow}, ${uuid()}, ${id}, ${outcome}, 0, 1, ${began}, ${finished})`.execute(
      tx,
    );
  return id;
}
