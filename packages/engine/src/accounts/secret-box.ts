import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** AES-256-GCM with a key outside the database; the associated data binds a ciphertext to its workspace, its row and its key. */
export type SecretBox = {
  readonly seal: (workspaceId: string, rowId: string, plain: string) => Buffer;
  /** @throws Error where none of the keys sealed it, or the place is another. */
  readonly open: (workspaceId: string, rowId: string, sealed: Buffer) => string;
  /** Whether it was sealed with the key that seals now. */
  readonly isCurrent: (sealed: Buffer) => boolean;
};

/** The first byte of what is sealed: 1 before keys had ids, of which there was one. */
const [oneKey, withKeyId] = [1, 2];
const idBytes = 4;

type Key = { readonly bytes: Buffer; readonly id: Buffer };

function keyOf(bytes: Buffer): Key {
  if (bytes.length !== 32) throw new Error('A key for secrets must be 32 bytes in base64.');
  return { bytes, id: createHash('sha256').update(bytes).digest().subarray(0, idBytes) };
}

const bind = (workspaceId: string, rowId: string, key: string | number): Buffer =>
  Buffer.from(`${workspaceId}|accounts|secret|${rowId}|${key}`);

/**
 * A nonce of 12 bytes, a tag of 16, and the text.
 *
 * @throws Error where the key or the place is another.
 */
function decrypt(key: Buffer, place: Buffer, boxed: Buffer): string {
  const decipher = createDecipheriv('aes-256-gcm', key, boxed.subarray(0, 12)).setAAD(place);
  decipher.setAuthTag(boxed.subarray(12, 28));
  return Buffer.concat([decipher.update(boxed.subarray(28)), decipher.final()]).toString('utf8');
}

/**
 * @param key 32 bytes, which everything is sealed with from now on.
 * @param also further keys that what was sealed may be opened with: those before, and the next one.
 * @throws Error for a key of another length.
 */
export function createSecretBox(key: Buffer, also: readonly Buffer[] = []): SecretBox {
  const current = keyOf(key);
  const all = [current, ...also.map(keyOf)];
  const isCurrent = (sealed: Buffer): boolean =>
    sealed[0] === withKeyId && sealed.subarray(1, 1 + idBytes).equals(current.id);
  return {
    isCurrent,
    seal(workspaceId, rowId, plain) {
      const nonce = randomBytes(12);
      const place = bind(workspaceId, rowId, current.id.toString('hex'));
      const cipher = createCipheriv('aes-256-gcm', current.bytes, nonce).setAAD(place);
      const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(withKeyId), current.id, nonce, cipher.getAuthTag(), text]);
    },
    open(workspaceId, rowId, sealed) {
      if (sealed[0] === withKeyId) {
        const id = sealed.subarray(1, 1 + idBytes);
        const known = all.find((each) => each.id.equals(id));
        if (known === undefined) throw new Error('The secret was sealed with a key that is not known here.');
        return decrypt(known.bytes, bind(workspaceId, rowId, id.toString('hex')), sealed.subarray(1 + idBytes));
      }
      if (sealed[0] !== oneKey) throw new Error('The secret was sealed in a way that is not known here.');
      const place = bind(workspaceId, rowId, oneKey);
      for (const { bytes } of all) {
        try {
          return decrypt(bytes, place, sealed.subarray(1));
        } catch {
          // Another key may have sealed it.
        }
      }
      throw new Error('None of the keys opens the secret.');
    },
  };
}
