import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createToken } from '@signalbox/engine/access/tokens';
import { shown } from '@signalbox/engine/http/ids';
import { type FailPointName, failPointNames } from '@signalbox/engine/runtime/fail-points';
import { findFreePort } from '@signalbox/launcher/ports';
import { expect, test } from 'vitest';
import { type EngineProcess, startEngineProcess } from '../support/engine-process.ts';
import { conversationFlow } from '../support/flows.ts';
import { businessNumber, startHarness, until } from '../support/harness.ts';
import { letIn } from '../support/let-in.ts';
import { strandedEnrollments } from '../support/ownership.ts';
import { ordinaryPoints } from './point-groups.ts';
import { situations } from './special/situations.ts';

/** People who come in for each crash point. */
const group = 12;

/**
 * Visits to let pass, so that not only the first step of a run is struck: later calls are the check with its send, the wait and the
 * branch with its answer.
 */
const skips: Partial<Record<FailPointName, number>> = {
  'step.after_ledger': 1,
  'step.between_read_and_write': 2,
  'step.before_commit': 3,
  'step.after_commit': 4,
  'post.before': 3,
  'post.after': 5,
  'receipt.before_commit': 1,
};

/** Points that this traffic does not come past in its time, and why. Each is struck inside one process by special-points.test.ts. */
const excluded: Partial<Record<FailPointName, string>> = {
  'route_returned.before_commit': 'an enrollment that keeps a reply must be ended from outside',
  'route_returned.after_commit': 'an enrollment that keeps a reply must be ended from outside',
  'join_parts.before_commit': 'a part of a long text must be missing for a minute',
  'join_parts.after_commit': 'a part of a long text must be missing for a minute',
  'opt_out.before_commit': 'the carrier must refuse somebody, who then never comes to an answer',
  'opt_out.after_commit': 'the carrier must refuse somebody, who then never comes to an answer',
  'rehome.before_commit': 'Temporal must lose a run: temporal-loss.test.ts',
  'rehome.after_commit': 'Temporal must lose a run: temporal-loss.test.ts',
  'fail_cohort.before_commit': 'a call must never work, and its people fail',
  'fail_cohort.after_commit': 'a call must never work, and its people fail',
  'end_run.before_commit': 'only flows in code end their runs',
  'end_run.after_commit': 'only flows in code end their runs',
  'end_returned.before_commit': 'only flows in code can forget to end their runs',
  'end_returned.after_commit': 'only flows in code can forget to end their runs',
  'release_held.before_commit': 'somebody must pause and resume the flow',
  'release_held.after_commit': 'somebody must pause and resume the flow',
  'end_flow.before_commit': 'somebody must stop the flow, and nobody comes to an answer',
  'end_flow.after_commit': 'somebody must stop the flow, and nobody comes to an answer',
  'webhook_spread.before_commit': 'somebody must listen: test/webhooks/process-ends.test.ts',
  'webhook_spread.after_commit': 'somebody must listen: test/webhooks/process-ends.test.ts',
  'webhook_claim.after_commit': 'somebody must listen: test/webhooks/process-ends.test.ts',
  'webhook_post.after': 'somebody must listen: test/webhooks/process-ends.test.ts',
  'webhook_settle.before_commit': 'somebody must listen: test/webhooks/process-ends.test.ts',
  'webhook_settle.after_commit': 'somebody must listen: test/webhooks/process-ends.test.ts',
  'media_claim.after_commit': 'somebody must send a picture',
  'media_put.after': 'somebody must send a picture',
  'test_look.before_commit': 'a flow must have a test',
  'test_look.after_commit': 'a flow must have a test',
  'move_tested.before_commit': 'a flow must have a test',
  'move_tested.after_commit': 'a flow must have a test',
  'campaign.before_commit': 'somebody must launch a campaign',
  'campaign.after_commit': 'somebody must launch a campaign',
};

/**
 * Points at which nothing has been committed or sent yet: a transaction that a process leaves behind is rolled back as one that an error
 * ends, which crash-points.test.ts strikes. `pnpm soak` ends processes there too.
 */
const endsAtAll = process.env['PROCESS_ENDS'] === 'all';
const leavesNothing = (name: FailPointName): boolean => !endsAtAll && /\.before_(?:commit|read)$/.test(name);

/** Reached once a process ended with requests not made: right after the one that surely does. */
const unknownPoints: readonly FailPointName[] = [
  'dead_leases.before_commit',
  'dead_leases.after_commit',
  'resolve_unknown.before_commit',
  'resolve_unknown.after_commit',
];

/**
 * Two installations are struck side by side, as a new process mostly waits for what the one before left. The points of each; those of what is
 * unknown stay together with what makes it so.
 */
const pointsOfHalves: ReadonlyArray<readonly FailPointName[]> = (() => {
  const groups = failPointNames
    .filter((name) => excluded[name] === undefined && !unknownPoints.includes(name) && !leavesNothing(name))
    .map((name) =>
      name === 'post.before' ? [name, ...unknownPoints.filter((point) => !leavesNothing(point))] : [name],
    );
  return [0, 1].map((half) => groups.filter((_group, index) => index % 2 === half).flat());
})();

/** The parts of an engine whose process ends time and again, and the way to start the next. */
async function startParts() {
  const harness = await startHarness({
    work: false,
    carrier: {
      latencyMs: 60,
      receipts: { delay_ms: 120 },
      // A carrier that comes back until the next process is there.
      retryDelaysMs: Array.from({ length: 60 }, () => 500),
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-ends-'));
  const port = await findFreePort();
  harness.carrier.setAccount({
    ...harness.carrierAccount,
    numbers: [{ number: businessNumber, sms_url: `http://127.0.0.1:${port}/webhooks/twilio/${harness.accountId}/sms` }],
  });
  return {
    harness,
    port,
    start: (endsAt?: string): Promise<EngineProcess> =>
      startEngineProcess(
        {
          ...harness.processEnv(folder),
          ROLES: 'api,worker',
          PORT: String(port),
          PUBLIC_URL: `http://127.0.0.1:${port}`,
          RUN_STARTS_PER_SECOND: '100',
        },
        { orEnded: true, ...(endsAt === undefined ? {} : { endsAt }) },
      ),
    waitingPhones: () =>
      harness.inTx((tx) =>
        tx
          .selectFrom('enrollments')
          .innerJoin('contacts', 'contacts.id', 'enrollments.contact_id')
          .select(['contacts.phone', 'enrollments.id'])
          .where('waiting_event', '=', 'message.received')
          .orderBy('enrollments.id')
          .execute(),
      ),
    close: async () => {
      await harness.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

test('every crash point ends a process here, or is left out for a reason and struck elsewhere', () => {
  const left = Object.keys(excluded);
  const early = failPointNames.filter((name) => excluded[name] === undefined && leavesNothing(name));
  expect([...pointsOfHalves.flat(), ...left, ...early].sort()).toEqual([...failPointNames].sort());
  const struckInProcess: readonly string[] = [...ordinaryPoints, ...Object.keys(situations)];
  expect(early.filter((name) => !struckInProcess.includes(name))).toEqual([]);
  expect(left.filter((name) => !(name in situations))).toEqual([]);
});

test.concurrent.for(pointsOfHalves.map((points, half) => ({ half, points })))(
  'at every crash point that traffic comes past the process really ends, the next one goes on, and everyone gets exactly their texts (half $half)',
  { timeout: 600_000 },
  async ({ points }, { onTestFinished }) => {
    const { harness, port, start, waitingPhones, close } = await startParts();
    onTestFinished(close);
    const { flowId } = await harness.publish('Conversation', conversationFlow({ event: 'signed_up' }));
    const replied = new Set<string>();
    const timedOut = new Set<string>();
    let people = 0;

    const { token } = await harness.inTx((tx) =>
      createToken(
        { tx, workspaceId: harness.workspaceId },
        { kind: 'bearer', scope: 'full', now: new Date(), lifeMs: 3_600_000 },
      ),
    );
    const untold = new Set<string>();
    /** Reports the event of whoever is to come in by it, until each is answered: a caller who never hears back asks again. */
    const tell = async (): Promise<void> => {
      for (const contact of untold) {
        const answer = await fetch(`http://127.0.0.1:${port}/api/v1/events`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'application/json',
            'idempotency-key': `event-${contact}`,
          },
          body: JSON.stringify({ type: 'signed_up', contact_id: shown('contact', contact) }),
        }).catch(() => null);
        if (answer?.status === 202) untold.delete(contact);
      }
    };

    /** Answers for half of those who wait and ends the waiting of the rest. */
    const nextActs = async (): Promise<void> => {
      await tell();
      for (const [index, { phone, id }] of (await waitingPhones()).entries()) {
        if (replied.has(phone) || timedOut.has(phone)) continue;
        if (index % 2 === 0) {
          replied.add(phone);
          harness.carrier.text(phone, businessNumber, 'yes');
        } else {
          timedOut.add(phone);
          await harness.inTx((tx) =>
            tx
              .updateTable('enrollments')
              .set({ due_at: new Date(Date.now() - 60_000) })
              .where('id', '=', id)
              .where('waiting_event', '=', 'message.received')
              .execute(),
          );
        }
      }
    };

    /** Whoever texted and still waits texts once more. */
    const textAgain = async (): Promise<void> => {
      for (const { phone } of await waitingPhones())
        if (replied.has(phone)) harness.carrier.text(phone, businessNumber, 'yes');
    };

    for (const name of points) {
      const contacts = await harness.addContacts(group, people);
      people += group;
      const engine = await start(`${name}:${skips[name] ?? 0}`);
      if (name.startsWith('event.')) for (const contact of contacts) untold.add(contact);
      else await letIn(harness, flowId, contacts);
      const acting = setInterval(() => void nextActs(), 400);
      try {
        const signal = await Promise.race([
          engine.ended,
          new Promise<string>((resolve) => setTimeout(resolve, 40_000, 'still running')),
        ]);
        expect(signal, `the process ends at ${name}`).toBe('SIGKILL');
        expect(engine.lines.at(-1)).toBe(JSON.stringify({ ends_at: name }));
      } finally {
        clearInterval(acting);
        await engine.kill();
      }
    }

    const last = await start();
    const acting = setInterval(() => void nextActs(), 400);
    // A carrier gives a text up whose receiver is away for too long, over several ends in a row: its sender texts again.
    const again = setInterval(() => void textAgain(), 20_000);
    try {
      await until(
        'everyone to end',
        async () =>
          (await harness.inTx((tx) => tx.selectFrom('enrollment_history').select('id').execute())).length === people,
        120_000,
      );
      await until('nothing to be on its way', async () => {
        const open = await harness.inTx((tx) =>
          tx.selectFrom('message_attempts').select('id').where('state', 'in', ['unknown', 'dispatching']).execute(),
        );
        return open.length === 0;
      });
    } finally {
      clearInterval(acting);
      clearInterval(again);
      await last.kill();
    }
    expect(await strandedEnrollments(harness.ownerUrl)).toEqual([]);
    expect(harness.carrier.ledger.repeats()).toEqual([]);
    const outcomes = await harness.inTx((tx) =>
      tx.selectFrom('enrollment_history').select('outcome').distinct().execute(),
    );
    expect(outcomes).toEqual([{ outcome: 'finished' }]);

    // What everybody got, by the carrier's ledger. Only a message whose outcome was given up may be missing: it never left.
    const gaveUp = await harness.inTx((tx) =>
      tx
        .selectFrom('message_attempts')
        .innerJoin('messages', 'messages.id', 'message_attempts.message_id')
        .select(['messages.number', 'messages.body'])
        .where('message_attempts.state', '=', 'gave_up')
        .execute(),
    );
    const got = Map.groupBy(
      harness.carrier.ledger.messages.filter((message) => message.origin === 'api'),
      (message) => message.to,
    );
    expect(replied.size + timedOut.size).toBe(people);
    const missing: string[] = [];
    for (const phone of [...replied, ...timedOut]) {
      const texts = (got.get(phone) ?? []).map((message) => message.body);
      const answer = replied.has(phone) ? 'Tips are on.' : 'No tips then.';
      const question = texts.filter((text) => text.startsWith('Want tips'));
      const lost = gaveUp.filter((message) => message.number === phone).map((message) => message.body);
      expect(
        texts.filter((text) => !text.startsWith('Want tips')).concat(lost.includes(answer) ? [answer] : []),
      ).toEqual([answer]);
      expect(question.length + lost.filter((text) => text?.startsWith('Want tips') === true).length).toBe(1);
      missing.push(...lost.map((text) => `${phone}: ${text ?? ''}`));
    }
    console.log(
      `${points.length} process ends, ${people} people; messages given up that never left: ${missing.length}`,
    );
    // Each end strikes at most what one dispatcher had claimed.
    expect(missing.length).toBeLessThanOrEqual(points.length * group);
  },
);
