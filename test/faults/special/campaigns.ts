import { shown } from '@signalbox/engine/http/ids';
import { expect } from 'vitest';
import { z } from 'zod';
import { expectEnds, type Situation } from './world.ts';

const madeSchema = z.looseObject({ id: z.string() });

/** A campaign for three people is launched, and a page of it crashes: everybody gets its message, once. */
export const campaignLetsIn: Situation = async (world, arm, name) => {
  const { harness } = world;
  const group = await world.newcomers(3);
  const post = async (path: string, body: object, headers: Record<string, string> = {}) => {
    const answer = await harness.call('POST', `/api/v1${path}`, { body, headers });
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    return madeSchema.parse(answer.body);
  };
  const list = await post('/contact-lists', { name: `Of ${name}`, kind: 'list' });
  const contactIds = group.map(({ contact }) => shown('contact', contact));
  await harness.call('POST', `/api/v1/contact-lists/${list.id}/members`, {
    body: { action: 'add', contact_ids: contactIds },
  });
  const campaign = await post('/campaigns', {
    name: `At ${name}`,
    audience: { include: [{ kind: 'list', list_id: list.id }], exclude: [] },
    message: { text: 'The sale begins.', purpose: 'transactional' },
  });
  arm();
  const launched = await harness.call('POST', `/api/v1/campaigns/${campaign.id}/launch`, {
    headers: { 'if-match': '*' },
  });
  expect(launched.status, JSON.stringify(launched.body)).toBe(200);
  expectEnds(await world.ends(group), 3, 'finished reached_end');
  expect(await world.got(group)).toEqual(group.map(() => ['The sale begins.']));
  return 1;
};
