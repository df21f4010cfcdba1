import { expect } from 'vitest';
import { businessNumber, until } from '../../support/harness.ts';
import { expectEnds, type Situation } from './world.ts';

/** The carrier refuses a message because its receiver opted out there. */
export const carrierOptOut: Situation = async (world, arm) => {
  const { harness } = world;
  const group = await world.newcomers(2);
  for (const { phone } of group) harness.carrier.ledger.setBlocked(businessNumber, phone, true, 0);
  arm();
  await world.letIn(await world.conversation(), group);
  expectEnds(await world.ends(group), group.length, 'stopped opted_out');
  expect(await world.got(group)).toEqual(group.map(() => []));
  for (const { contact, phone } of group) {
    const number = await harness.inTx((tx) =>
      tx.selectFrom('numbers').select('suppressed_reason').where('number', '=', phone).executeTakeFirst(),
    );
    expect(number).toEqual({ suppressed_reason: 'carrier' });
    const revoked = await harness.inTx((tx) =>
      tx
        .selectFrom('consent_ledger')
        .select('method')
        .where('contact_id', '=', contact)
        .where('action', '=', 'revoked')
        .execute(),
    );
    expect(revoked).toEqual([{ method: 'carrier' }]);
    const messages = await harness.inTx((tx) =>
      tx.selectFrom('messages').select(['state', 'reason']).where('contact_id', '=', contact).execute(),
    );
    expect(messages).toEqual([
      { state: 'failed', reason: { code: 'provider_opted_out', values: { provider_code: '21610' } } },
    ]);
  }
  return 1;
};

/** A dispatcher ends between its claim and the requests: nobody will ever know of these messages. */
async function loseClaimed(world: Parameters<Situation>[0], afterLoss: () => void) {
  const { failPoints, harness } = world;
  const group = await world.newcomers(1);
  failPoints.arm('claim.after_commit', { error: new Error('As if the process had ended.') });
  await world.letIn(await world.conversation(), group);
  await until('the message to be claimed', async () => {
    const rows = await harness.inTx((tx) =>
      tx
        .selectFrom('message_attempts')
        .innerJoin('messages', 'messages.id', 'message_attempts.message_id')
        .select('message_attempts.id')
        .where('contact_id', '=', group[0]?.contact ?? '')
        .where('message_attempts.state', '=', 'dispatching')
        .execute(),
    );
    return rows.length > 0;
  });
  afterLoss();
  await world.waiting(group);
  return group;
}

/** Leases die with attempts whose requests were never made. */
export const deadLeases: Situation = async (world, arm) => {
  const group = await loseClaimed(world, arm);
  world.reply(group);
  expectEnds(await world.ends(group), 1, 'finished -');
  // The question never left, and is not sent again: nobody could know.
  expect(await world.got(group)).toEqual([['Tips are on.']]);
  return 1;
};

/** One message of unknown outcome is found at the carrier; another never is and closes at its deadline. */
export const unknownOutcomes: Situation = async (world, arm) => {
  const found = await world.newcomers(1);
  const to = found[0]?.phone ?? '';
  // No receipt tells what became of it: only a look-up does.
  world.harness.carrier.addFault({ kind: 'accept_then_reset', to, count: 1 });
  world.harness.carrier.addFault({ kind: 'receipt_never', to, count: 1 });
  arm();
  await world.letIn(await world.conversation(), found);
  await world.waiting(found);
  const lost = await loseClaimed(world, arm);
  world.reply([...found, ...lost]);
  expectEnds(await world.ends([...found, ...lost]), 2, 'finished -');
  expect(await world.got([...found, ...lost])).toEqual([[found[0]?.question, 'Tips are on.'], ['Tips are on.']]);
  return 2;
};
