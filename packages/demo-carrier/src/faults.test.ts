import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bodyOf, type Fixture, person, startFixture } from './carrier-fixture.ts';
import { FaultBook } from './faults.ts';
import { seededRandom } from './random.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(async () => {
  await fixture.close();
});

const accepted = () => fixture.carrier.ledger.counts().accepted;

describe('of the request', () => {
  test.each([
    ['accept_then_reset', {}, 1],
    ['accept_then_timeout', { ms: 50 }, 1],
    ['drop', {}, 0],
    ['hang', { ms: 50 }, 0],
  ] as const)('%s ends without an answer, with %# in the ledger', async (kind, more, inLedger) => {
    fixture.carrier.addFault({ kind, count: 1, ...more });
    await expect(fixture.send()).rejects.toThrow('fetch failed');
    expect(accepted()).toBe(inLedger);
    expect((await fixture.send()).status).toBe(201);
  });

  test('accept_then_500 accepts all the same', async () => {
    fixture.carrier.addFault({ kind: 'accept_then_500' });
    expect((await fixture.send()).status).toBe(500);
    expect(accepted()).toBe(1);
  });

  test('refuse says 429 with Retry-After, or any code', async () => {
    fixture.carrier.addFault({ kind: 'refuse', retry_after: 2, count: 1 });
    const limited = await fixture.send();
    expect([limited.status, (await bodyOf(limited)).code, limited.headers.get('retry-after')]).toEqual([
      429,
      20429,
      '2',
    ]);
    fixture.carrier.addFault({ kind: 'refuse', code: 30034, to: person });
    const refused = await fixture.send();
    expect([refused.status, (await bodyOf(refused)).code]).toEqual([400, 30034]);
    expect((await fixture.send({ To: '+15550004321' })).status).toBe(201);
    expect(accepted()).toBe(1);
  });

  test('latency holds the answer back, not the acceptance', async () => {
    fixture.carrier.addFault({ kind: 'latency', ms: 500 });
    const started = performance.now();
    let answered = false;
    const answer = fixture.send().then(() => {
      answered = true;
    });
    await expect.poll(accepted, { interval: 5 }).toBe(1);
    expect(answered).toBe(false);
    await answer;
    expect(performance.now() - started).toBeGreaterThanOrEqual(495);
  });
});

describe('of the receipts', () => {
  const statuses = async (count: number) =>
    (await fixture.customer.waitFor('/status', count)).map((post) => post.form.MessageStatus);

  test('duplicated', async () => {
    fixture.carrier.addFault({ kind: 'receipt_duplicate' });
    await fixture.send();
    expect(await statuses(4)).toEqual(['sent', 'sent', 'delivered', 'delivered']);
  });

  test('reordered', async () => {
    fixture.carrier.addFault({ kind: 'receipt_reorder' });
    await fixture.send();
    expect(await statuses(2)).toEqual(['delivered', 'sent']);
  });

  test('before the response', async () => {
    fixture.carrier.addFault({ kind: 'receipt_before_response' });
    await fixture.send();
    expect(fixture.customer.posts.map((post) => post.form.MessageStatus)[0]).toBe('sent');
  });

  test('never, though the message arrives', async () => {
    fixture.carrier.addFault({ kind: 'receipt_never' });
    await fixture.send();
    await expect.poll(() => fixture.carrier.ledger.messages[0]?.status).toBe('delivered');
    expect(fixture.customer.posts).toEqual([]);
  });

  test('with another end', async () => {
    fixture.carrier.addFault({ kind: 'receipt_status', outcome: 'failed', error_code: 30006 });
    await fixture.send();
    await statuses(2);
    expect(fixture.customer.posts[1]?.form).toMatchObject({ MessageStatus: 'failed', ErrorCode: '30006' });
  });
});

test('the same seed strikes the same messages', () => {
  const struck = (seed: number) => {
    const book = new FaultBook(seededRandom(seed));
    book.add({ kind: 'drop', probability: 0.3 });
    return Array.from({ length: 200 }, () => book.strike({ to: '+1', from: '+2' }).request !== undefined);
  };
  expect(struck(7)).toEqual(struck(7));
  expect(struck(7)).not.toEqual(struck(8));
  const hits = struck(7).filter(Boolean).length;
  expect(hits).toBeGreaterThan(40);
  expect(hits).toBeLessThan(80);
});
