import { expect, test } from 'vitest';
import { eventNameSchema, reportedEventSchema } from './event-names.ts';

test.each(['order', 'order.placed', 'a_1.b.2nd', 'messages.read', 'message'])('%s can be reported', (name) => {
  expect(reportedEventSchema.safeParse(name).success).toBe(true);
});

test.each(['message.received', 'message.delivered', 'consent.revoked', 'flow.published'])('%s is our own', (name) => {
  expect(eventNameSchema.safeParse(name).success).toBe(true);
  expect(reportedEventSchema.safeParse(name).error?.issues[0]?.message).toContain('Signalbox’s own');
});

test.each(['', 'Order', 'order.', '.order', 'order..placed', '1st', 'a b', `a${'b'.repeat(64)}`])(
  '“%s” is no name',
  (name) => {
    expect(eventNameSchema.safeParse(name).success).toBe(false);
  },
);
