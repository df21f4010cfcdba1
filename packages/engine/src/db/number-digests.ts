import { createHmac, randomBytes } from 'node:crypto';
import { canonicalNumber } from '@signalbox/nodes/text/one-number';
import type { Scope } from './work.ts';

/** Recognises a number without holding it: the same phone has the same digest, however it is written. */
type Digest = (number: string) => Buffer;

/** The digests of a workspace's numbers, made with a key of its own. */
export type NumberDigests = {
  /** Null where the workspace has never suppressed a number, and there is nothing to recognise. */
  readonly known: (scope: Scope) => Promise<Digest | null>;
  /** The same, with a key that is made now where there is none. */
  readonly made: (scope: Scope) => Promise<Digest>;
};

/** Seals what must not be read in the database (accounts/secret-box.ts). */
type Box = {
  readonly seal: (workspaceId: string, place: string, plain: string) => Buffer;
  readonly open: (workspaceId: string, place: string, sealed: Buffer) => string;
};

/** What the key of a workspace's digests is sealed as. */
export const digestKeyPlace = 'suppressions';

/**
 * A key is random and never changes, since the digests of erased numbers could not be made again: it stands sealed in the database, and it
 * is the seal that is renewed. It is read whenever it is used, so that a transaction that is taken back leaves nothing behind.
 */
export function createNumberDigests(box: Box): NumberDigests {
  const digestWith = ({ workspaceId }: Scope, sealed: Buffer): Digest => {
    const key = Buffer.from(box.open(workspaceId, digestKeyPlace, sealed), 'base64');
    return (number) => createHmac('sha256', key).update(canonicalNumber(number)).digest();
  };
  const read = async ({ tx, workspaceId }: Scope): Promise<Buffer | null> => {
    const row = await tx
      .selectFrom('suppression_keys')
      .select('sealed')
      .where('workspace_id', '=', workspaceId)
      .executeTakeFirst();
    return row?.sealed ?? null;
  };
  const known = async (scope: Scope): Promise<Digest | null> => {
    const sealed = await read(scope);
    return sealed === null ? null : digestWith(scope, sealed);
  };
  return {
    known,
    async made(scope) {
      const there = await known(scope);
      if (there !== null) return there;
      const { tx, workspaceId } = scope;
      const sealed = box.seal(workspaceId, digestKeyPlace, randomBytes(32).toString('base64'));
      await tx
        .insertInto('suppression_keys')
        .values({ workspace_id: workspaceId, sealed })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      // Where another made one in the same moment, this is theirs.
      return digestWith(scope, (await read(scope)) ?? sealed);
    },
  };
}
