import type { MessageDetail } from '@signalbox/engine/inbox/contract';
import { expect, test } from 'vitest';
import { timelineOf } from './timeline.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 10, 30, 9, 0, second)).toISOString();

const message: MessageDetail = {
  id: 'msg_1',
  contact_id: 'con_1',
  direction: 'out',
  text: 'Hello',
  media: [],
  from: '+12025550100',
  to: '+12025550143',
  state: 'undelivered',
  reason: null,
  segments: 1,
  encoding: 'GSM-7',
  handled_by: null,
  flow_id: null,
  flow_name: null,
  created_at: at(0),
  accepted_at: at(3),
  delivered_at: null,
  purpose: 'transactional',
  possible_duplicate: false,
  route: null,
  template: null,
  cost: null,
  estimate: null,
  queue: null,
  attempts: [],
  receipts: [],
  links: [],
};
type Attempt = MessageDetail['attempts'][number];
const attempt = (id: string, second: number, fields: Partial<Attempt>): Attempt => ({
  id,
  account_id: 'acc_1',
  account_name: 'Main account',
  provider: 'twilio',
  provider_id: null,
  state: 'accepted',
  error_class: null,
  error_code: null,
  started_at: at(second),
  settled_at: at(second + 1),
  ...fields,
});
const shown = (of: MessageDetail) => timelineOf(of).map(({ tone, title, code }) => [tone, title, code]);

test('what happened to a message is told in order of time, requests at their outcome', () => {
  const story = {
    ...message,
    attempts: [
      attempt('att_1', 1, { state: 'refused', error_code: '20429' }),
      attempt('att_2', 2, { provider_id: 'SM1' }),
    ],
    receipts: [
      { status: 'undelivered', failure: 'unreachable', error_code: '30003', received_at: at(9) },
      { status: 'sent', failure: null, error_code: null, received_at: at(5) },
    ],
  };
  expect(shown(story)).toEqual([
    ['calm', 'Queued', null],
    ['stop', 'Refused by Main account', '20429'],
    ['calm', 'Accepted by Main account', 'SM1'],
    ['calm', 'Passed on to the phone’s network', null],
    ['stop', 'Not delivered', '30003'],
  ]);
});

test('a refused message and a received one begin as what they are', () => {
  expect(shown({ ...message, state: 'refused' })).toEqual([['stop', 'Not sent', null]]);
  expect(shown({ ...message, direction: 'in', state: 'received' })).toEqual([['calm', 'Received', null]]);
});

test('a status that is new and an account that is gone are shown as they are known', () => {
  const story = {
    ...message,
    attempts: [attempt('att_1', 1, { account_name: null, state: 'unknown' })],
    receipts: [{ status: 'read', failure: null, error_code: null, received_at: at(9) }],
  };
  expect(shown(story)).toEqual([
    ['calm', 'Queued', null],
    ['wait', 'No clear answer from an account that was removed', null],
    ['calm', 'read', null],
  ]);
});
