import type { SentMedia } from '@signalbox/nodes/gate/define-rule';
import type { SecretBox } from '../accounts/secret-box.ts';
import { type Db, readWorkspace } from '../db/database.ts';
import type { OutboundMedia } from '../providers/provider.ts';
import type { Clock } from '../runtime/clock.ts';
import { makeFileToken } from './file-links.ts';
import type { FileStore } from './file-store.ts';
import { readMedia } from './read-media.ts';

/** A file of a message as its provider is handed it. */
export type OutgoingMedia = (workspaceId: string, file: SentMedia) => OutboundMedia;

/** Some providers go by how an address ends. */
function endingOf(type: string): string {
  const [, name = ''] = /^image\/(jpeg|png|gif)$/.exec(type) ?? [];
  return name === '' ? '' : `.${name === 'jpeg' ? 'jpg' : name}`;
}

/** Under an address of ours that leads to it for a day, or as it is for a provider that takes it with the message. */
export function createOutgoingMedia(deps: {
  readonly db: Db;
  readonly clock: Clock;
  readonly box: SecretBox;
  readonly files: FileStore;
  readonly publicUrl: string;
}): OutgoingMedia {
  return (workspaceId, { id: mediaId, type }) => ({
    url: `${deps.publicUrl}/m/${makeFileToken(deps.box, { workspaceId, mediaId }, deps.clock.now())}${endingOf(type)}`,
    type,
    read: async () => {
      const row = await readWorkspace(deps.db, workspaceId, (tx) => readMedia({ tx, workspaceId }, mediaId));
      const bytes = row === null ? null : await deps.files.open(row.storage_key);
      if (bytes === null) throw new Error('The file is gone.');
      return bytes;
    },
  });
}
