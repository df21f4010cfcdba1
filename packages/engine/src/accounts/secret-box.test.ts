import { createCipheriv } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createSecretBox } from './secret-box.ts';

const keyOf = (byte: number): Buffer => Buffer.alloc(32, byte);
const [old, current, next] = [keyOf(1), keyOf(2), keyOf(3)];
const place = ['workspace', 'account'] as const;

/** As it was sealed before keys had ids. */
function sealedOfOld(plain: string): Buffer {
  const nonce = Buffer.alloc(12, 7);
  const cipher = createCipheriv('aes-256-gcm', old, nonce).setAAD(Buffer.from('workspace|accounts|secret|account|1'));
  const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.of(1), nonce, cipher.getAuthTag(), text]);
}

describe('a sealed secret', () => {
  const box = createSecretBox(current, [old, next]);

  test('is opened by whoever has its key, whichever seals now', () => {
    const sealed = box.seal(...place, 'credentials');
    expect(box.open(...place, sealed)).toBe('credentials');
    expect(createSecretBox(next, [current]).open(...place, sealed)).toBe('credentials');
    expect(box.open(...place, createSecretBox(next).seal(...place, 'of the next'))).toBe('of the next');
    expect(() => createSecretBox(next).open(...place, sealed)).toThrow('not known here');
  });

  test('of the time before keys had ids is opened too', () => {
    expect(box.open(...place, sealedOfOld('long ago'))).toBe('long ago');
    expect(() => createSecretBox(current).open(...place, sealedOfOld('long ago'))).toThrow('None of the keys');
  });

  test('says whether it is of the key that seals now', () => {
    expect(box.isCurrent(box.seal(...place, 'x'))).toBe(true);
    expect(box.isCurrent(createSecretBox(old).seal(...place, 'x'))).toBe(false);
    expect(box.isCurrent(sealedOfOld('x'))).toBe(false);
  });

  test('opens nowhere else, and not when a byte of it was changed', () => {
    const sealed = box.seal(...place, 'credentials');
    expect(() => box.open('another', 'account', sealed)).toThrow();
    expect(() => box.open('workspace', 'another', sealed)).toThrow();
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => box.open(...place, changed), String(at)).toThrow();
    }
  });

  test('a key of another length is refused', () => {
    expect(() => createSecretBox(Buffer.alloc(16))).toThrow('32 bytes');
    expect(() => createSecretBox(current, [Buffer.alloc(31)])).toThrow('32 bytes');
  });
});
