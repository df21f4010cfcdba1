import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createSecretBox } from '../accounts/secret-box.ts';
import { makeFileToken, readFileToken } from './file-links.ts';

const box = createSecretBox(randomBytes(32));
const now = new Date('2026-11-22T12:00:00Z');
const later = (hours: number): Date => new Date(now.getTime() + hours * 3_600_000);
const linked = {
  workspaceId: '00000000-0000-7000-8000-000000000001',
  mediaId: '00000000-0000-7000-8000-000000000002',
};
const token = makeFileToken(box, linked, now);

test('a token leads to its file for a day, and may be part of an address', () => {
  expect(token).toMatch(/^[\w-]{40,300}$/);
  expect(readFileToken(box, token, later(23.9))).toEqual(linked);
  expect(readFileToken(box, token, later(24))).toBeNull();
});

test('a token that was changed anywhere, cut off, or made with another key leads nowhere', () => {
  for (let index = 0; index < token.length - 1; index += 1) {
    const other = token[index] === 'A' ? 'B' : 'A';
    expect(readFileToken(box, token.slice(0, index) + other + token.slice(index + 1), now)).toBeNull();
    expect(readFileToken(box, token.slice(0, index), now)).toBeNull();
  }
  expect(readFileToken(createSecretBox(randomBytes(32)), token, now)).toBeNull();
  for (const odd of ['', '/', '..', '\u0000', 'a'.repeat(10_000)]) expect(readFileToken(box, odd, now)).toBeNull();
});

test('a token goes on working while the key changes', () => {
  const [before, after] = [randomBytes(32), randomBytes(32)];
  const made = makeFileToken(createSecretBox(before), linked, now);
  expect(readFileToken(createSecretBox(after, [before]), made, now)).toEqual(linked);
});

test('what was sealed for something else is no token', () => {
  const sealed = box.seal(linked.workspaceId, 'accounts', `${linked.mediaId} ${later(1).getTime()}`);
  const forged = Buffer.concat([Buffer.from(linked.workspaceId.replaceAll('-', ''), 'hex'), sealed]);
  expect(readFileToken(box, forged.toString('base64url'), now)).toBeNull();
});
