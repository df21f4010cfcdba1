import type { FaultInput } from '@signalbox/demo-carrier/faults';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Harness, startHarness } from '../support/harness.ts';
import { type CarriedPerson, comeToRest, enter, hastyDispatch, leftOpen, peopleOf } from './carrier-world.ts';

const people = 12;

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ dispatch: hastyDispatch });
});
afterEach(() => harness.carrier.clearFaults());
afterAll(() => harness.close());

type Expected = Partial<Omit<CarriedPerson, 'attempts' | 'phone'>> & {
  /** States of the attempts with their errors, in order. */
  readonly tries: ReadonlyArray<readonly [string, string | null]>;
};

type Case = {
  readonly name: string;
  readonly faults: readonly FaultInput[];
  readonly expected: Expected;
  readonly also?: (all: readonly CarriedPerson[]) => void;
};

/** Long after the request has been given up. */
const late = 5_000;
const sent = { outcome: 'finished', end: 'done', message: 'delivered', carried: 1 } as const;
const gaveUp = { outcome: 'finished', end: 'done', message: 'unknown', why: 'outcome_unknown', carried: 0 } as const;

const cases: readonly Case[] = [
  {
    name: 'accept_then_timeout: a receipt says that it was taken, before the request is given up',
    faults: [{ kind: 'accept_then_timeout', ms: late }],
    expected: { ...sent, tries: [['accepted', null]] },
  },
  {
    name: 'accept_then_timeout without receipts: the look-up finds it',
    faults: [{ kind: 'accept_then_timeout', ms: late }, { kind: 'receipt_never' }],
    expected: { ...sent, message: 'accepted', receipts: [], tries: [['accepted', 'UND_ERR_HEADERS_TIMEOUT']] },
  },
  {
    name: 'accept_then_500 without receipts: an error of the carrier says nothing about the message',
    faults: [{ kind: 'accept_then_500' }, { kind: 'receipt_never' }],
    expected: { ...sent, message: 'accepted', receipts: [], tries: [['accepted', 'http_500']] },
  },
  {
    name: 'accept_then_500: a receipt resolves what was unknown',
    faults: [{ kind: 'accept_then_500' }],
    expected: { ...sent, tries: [['accepted', 'http_500']] },
  },
  {
    name: 'hang: nothing is ever found, it is given up and not sent again',
    faults: [{ kind: 'hang', ms: late }],
    expected: { ...gaveUp, tries: [['gave_up', 'not_found']] },
  },
  {
    name: 'drop: the connection ends after the request was written',
    faults: [{ kind: 'drop' }],
    expected: { ...gaveUp, tries: [['gave_up', 'not_found']] },
  },
  {
    name: 'receipt_before_response',
    faults: [{ kind: 'receipt_before_response' }],
    expected: { ...sent, receipts: ['sent', 'delivered'], tries: [['accepted', null]] },
  },
  {
    name: 'receipt_reorder: the end comes first',
    faults: [{ kind: 'receipt_reorder' }],
    expected: { ...sent, receipts: ['delivered', 'sent'], tries: [['accepted', null]] },
  },
  {
    name: 'receipt_duplicate',
    faults: [{ kind: 'receipt_duplicate' }],
    expected: { ...sent, receipts: ['sent', 'sent', 'delivered', 'delivered'], tries: [['accepted', null]] },
  },
  {
    name: 'refuse with 429 and Retry-After: sent again, and not before',
    faults: [{ kind: 'refuse', retry_after: 2, count: people }],
    expected: {
      ...sent,
      tries: [
        ['refused', '20429'],
        ['accepted', null],
      ],
    },
    also: (all) => {
      for (const { attempts } of all) {
        const [first, second] = attempts.map((attempt) => attempt.started_at.getTime());
        expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(2_000);
      }
    },
  },
];

describe('whatever the carrier does to a request or a receipt', () => {
  for (const { name, faults, expected, also } of cases)
    test(name, async () => {
      const rules = faults.map((fault) => harness.carrier.addFault(fault));
      const { contacts, flowId } = await enter(
        harness,
        people,
        `Text of fault ${faults.map(({ kind }) => kind).join(' ')}`,
      );
      await comeToRest(harness, contacts);
      for (const rule of rules) expect([rule.kind, rule.hits]).toEqual([rule.kind, people]);
      const all = await peopleOf(harness, flowId);
      expect(all).toHaveLength(people);
      const { tries, ...rest } = expected;
      for (const person of all) {
        expect(person).toMatchObject(rest);
        expect(person.attempts.map(({ state, error }) => [state, error])).toEqual(tries);
      }
      also?.(all);
      expect(harness.carrier.ledger.repeats()).toEqual([]);
      expect(await leftOpen(harness)).toEqual([]);
    }, 60_000);

  describe('where the workspace has transactional messages sent again', () => {
    const resend = (on: boolean) =>
      harness.inTx((tx) => tx.updateTable('workspaces').set({ resend_unknown: on }).execute());
    beforeAll(() => resend(true));
    afterAll(() => resend(false));

    test('what is never found goes out once more, marked as possibly sent twice', async () => {
      const rule = harness.carrier.addFault({ kind: 'drop', count: people });
      const { contacts, flowId } = await enter(harness, people, 'Text that is sent again');
      await comeToRest(harness, contacts);
      expect(rule.hits).toBe(people);
      const tries = [
        ['gave_up', 'not_found'],
        ['accepted', null],
      ];
      for (const person of await peopleOf(harness, flowId)) {
        expect(person).toMatchObject(sent);
        expect(person.attempts.map(({ state, error }) => [state, error])).toEqual(tries);
      }
      const marked = await harness.inTx((tx) =>
        tx
          .selectFrom('messages')
          .select('possible_duplicate')
          .where('contact_id', 'in', contacts)
          .where('direction', '=', 'out')
          .execute(),
      );
      expect(marked).toEqual(Array.from({ length: people }, () => ({ possible_duplicate: true })));
    }, 60_000);

    test('but never a third time', async () => {
      harness.carrier.addFault({ kind: 'drop' });
      const { contacts, flowId } = await enter(harness, people, 'Text that is lost again');
      await comeToRest(harness, contacts);
      for (const person of await peopleOf(harness, flowId)) {
        expect(person).toMatchObject(gaveUp);
        expect(person.attempts.map(({ state }) => state)).toEqual(['gave_up', 'gave_up']);
      }
    }, 60_000);

    test('and marketing is given up', async () => {
      harness.carrier.addFault({ kind: 'drop' });
      const { contacts, flowId } = await enter(harness, people, 'Text that nobody needs', 'marketing');
      await comeToRest(harness, contacts);
      for (const person of await peopleOf(harness, flowId)) {
        expect(person).toMatchObject(gaveUp);
        expect(person.attempts.map(({ state }) => state)).toEqual(['gave_up']);
      }
    }, 60_000);
  });

  test('refuse with 21610: not sent, not tried again, and believed as an opt-out', async () => {
    const rule = harness.carrier.addFault({ kind: 'refuse', code: 21610 });
    const { contacts, flowId, phones } = await enter(harness, people, 'Text of a refusal');
    await comeToRest(harness, contacts);
    expect(rule.hits).toBe(people);
    for (const person of await peopleOf(harness, flowId)) {
      expect(person).toMatchObject({ message: 'failed', why: 'provider_opted_out', carried: 0, receipts: [] });
      expect(person.attempts.map(({ state, error }) => [state, error])).toEqual([['refused', '21610']]);
      // The opt-out ends every enrollment, wherever it stands; “not sent” leads to its own end. Either may be first.
      expect(['finished missed', 'stopped missed', 'stopped send']).toContain(`${person.outcome} ${person.end}`);
    }
    const suppressed = await harness.inTx((tx) =>
      tx.selectFrom('numbers').select('suppressed_reason').where('number', 'in', phones).execute(),
    );
    expect(suppressed).toEqual(phones.map(() => ({ suppressed_reason: 'carrier' })));
    expect(await leftOpen(harness)).toEqual([]);
  }, 60_000);

  test('a share of everything at once', async () => {
    const kinds = ['accept_then_timeout', 'accept_then_500', 'accept_then_reset', 'drop', 'hang', 'refuse'] as const;
    for (const kind of kinds) harness.carrier.addFault({ kind, probability: 0.12, ms: late });
    for (const kind of ['receipt_duplicate', 'receipt_reorder', 'receipt_before_response', 'receipt_never'] as const)
      harness.carrier.addFault({ kind, probability: 0.2 });
    const { contacts, flowId } = await enter(harness, 100, 'Text of many faults');
    await comeToRest(harness, contacts);
    const all = await peopleOf(harness, flowId);
    expect(all).toHaveLength(100);
    for (const person of all) {
      expect([person.phone, person.outcome, person.end]).toEqual([person.phone, 'finished', 'done']);
      expect(person.carried).toBe(person.message === 'unknown' ? 0 : 1);
    }
    expect(harness.carrier.ledger.repeats()).toEqual([]);
    expect(await leftOpen(harness)).toEqual([]);
  }, 60_000);
});

test('an adapter that takes silence for a refusal would double messages, and the carrier’s ledger shows it', async () => {
  const careless = await startHarness({
    dispatch: hastyDispatch,
    provider: (provider) => ({
      ...provider,
      connect: (...account) => {
        const connection = provider.connect(...account);
        return {
          ...connection,
          send: async (...message) => {
            const outcome = await connection.send(...message);
            return outcome.kind === 'ambiguous'
              ? { kind: 'refused', errorClass: 'transient', code: outcome.code, retryAfterMs: 100 }
              : outcome;
          },
        };
      },
    }),
  });
  try {
    for (const kind of ['accept_then_timeout', 'receipt_never'] as const)
      careless.carrier.addFault({ kind, ms: late, count: 2 });
    const { contacts, flowId } = await enter(careless, 2, 'Text that is doubled');
    await comeToRest(careless, contacts);
    expect((await peopleOf(careless, flowId)).map(({ carried }) => carried)).toEqual([2, 2]);
    expect(careless.carrier.ledger.repeats()).toHaveLength(2);
  } finally {
    await careless.close();
  }
}, 60_000);
