import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** AES-256-GCM with a key outside the database; the associated data binds a ciphertext to its workspace and row. */
export type SecretBox = {
  readonly seal: (workspaceId: string, rowId: string, plain: string) => Buffer;
  /** @throws Error where the key or the place is another. */
  readonly open: (workspaceId: string, rowId: string, sealed: Buffer) => string;
};

const keyVersion = 1;

/** @param key 32 bytes. @throws Error for a key of another length. */
export function createSecretBox(key: Buffer): SecretBox {
  if (key.length !== 32) throw new Error('SECRETS_KEY must be 32 bytes in base64.');
  const bind = (workspaceId: string, rowId: string) =>
    Buffer.from(`${workspaceId}|accounts|secret|${rowId}|${keyVersion}`);
  return {
    seal(workspaceId, rowId, plain) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bind(workspaceId, rowId));
      const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(keyVersion), nonce, cipher.getAuthTag(), sealed]);
    },
    open(workspaceId, rowId, sealed) {
      if (sealed[0] !== keyVersion) throw new Error('The secret was sealed with another key version.');
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 13)).setAAD(bind(workspaceId, rowId));
      decipher.setAuthTag(sealed.subarray(13, 29));
      return Buffer.concat([decipher.update(sealed.subarray(29)), decipher.final()]).toString('utf8');
    },
  };
}
