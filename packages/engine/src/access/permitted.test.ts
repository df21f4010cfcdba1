import { expect, test } from 'vitest';
import { resources } from '../http/permissions.ts';
import { allows } from './permitted.ts';

test('a token that may only read has every permission to read and no other; a full one has all', () => {
  const all = Object.entries(resources).flatMap(([resource, { permissions }]) =>
    permissions.map((what: string) => ({ what, needs: `${resource}.${what}` })),
  );
  expect(all.length).toBeGreaterThan(10);
  for (const { what, needs } of all) {
    // Names are put together here, so that one that is added later is asked about.
    expect([needs, Reflect.apply(allows, null, ['read', needs])]).toEqual([needs, what === 'read']);
    expect([needs, Reflect.apply(allows, null, ['full', needs])]).toEqual([needs, true]);
  }
  expect(allows('read', 'signed_in')).toBe(true);
});
