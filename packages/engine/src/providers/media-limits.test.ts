import { expect, test } from 'vitest';
import { limitsBy, mediaLimitsOf } from './media-limits.ts';
import type { MediaOffer } from './provider.ts';

const offer: MediaOffer = { files: 2, bytes: 900, types: { 'image/png': 600 } };
const sender = { options: {}, kind: 'long_code', address: '+12025550123' };

test('everything that a provider takes goes everywhere, where it says no more', () => {
  expect(limitsBy(offer, { ...sender, kind: 'alphanumeric', address: 'Acme' })).toEqual({ ...offer, countries: null });
});

test('within countries from their numbers and from short codes', () => {
  const within = { ...offer, countries: ['US', 'CA'] };
  const limits = { ...offer, countries: ['US', 'CA'] };
  for (const address of ['+12025550123', '+16135550123', '+18005550123'])
    expect([address, limitsBy(within, { ...sender, address })]).toEqual([address, limits]);
  expect(limitsBy(within, { ...sender, kind: 'short_code', address: '12345' })).toEqual(limits);
  expect(limitsBy(within, { ...sender, address: '+447700900123' })).toBeNull();
  expect(limitsBy(within, { ...sender, kind: 'alphanumeric', address: 'Acme' })).toBeNull();
});

test('fewer bytes from a kind of sender, or none', () => {
  const fewer: MediaOffer = { ...offer, bytesFrom: { toll_free: 500, alphanumeric: 0 } };
  expect(limitsBy(fewer, sender)?.bytes).toBe(900);
  expect(limitsBy(fewer, { ...sender, kind: 'toll_free' })?.bytes).toBe(500);
  expect(limitsBy(fewer, { ...sender, kind: 'alphanumeric' })).toBeNull();
  // A kind that a later version knows.
  expect(limitsBy(fewer, { ...sender, kind: 'constructor' })?.bytes).toBe(900);
});

test('from accounts of one way alone, and not from one of which nobody knows the way', () => {
  const some = { ...offer, options: { api: 'messages' } };
  expect(limitsBy(some, { ...sender, options: { api: 'messages' } })).not.toBeNull();
  expect(limitsBy(some, { ...sender, options: { api: 'sms' } })).toBeNull();
  expect(limitsBy(some, sender)).toBeNull();
});

test('nothing at a provider that there is not', () => {
  expect(mediaLimitsOf({ ...sender, provider: 'nobody' })).toBeNull();
});
