import type { SecretBox } from '../accounts/secret-box.ts';

/** For how long a provider may fetch a file. */
const linkLifeMs = 24 * 3_600_000;
const place = 'media-link';

/** What a link leads to. */
export type Linked = { readonly workspaceId: string; readonly mediaId: string };

const uuidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const bare = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');
const dashed = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/**
 * The token of an address at which whoever has it may fetch one file for a day: the workspace, and the file and the time sealed with
 * the key that credentials are sealed with, so that a token is made here or nowhere, and goes on working while that key changes.
 */
export function makeFileToken(box: SecretBox, { workspaceId, mediaId }: Linked, now: Date): string {
  const sealed = box.seal(workspaceId, place, `${mediaId} ${now.getTime() + linkLifeMs}`);
  return Buffer.concat([bare(workspaceId), sealed]).toString('base64url');
}

/** What a token leads to; null for one that nobody made here, and for one whose time is over. */
export function readFileToken(box: SecretBox, token: string, now: Date): Linked | null {
  if (!/^[\w-]{40,300}$/.test(token)) return null;
  const bytes = Buffer.from(token, 'base64url');
  const workspaceId = dashed(bytes.subarray(0, 16));
  try {
    const [mediaId = '', until = ''] = box.open(workspaceId, place, bytes.subarray(16)).split(' ');
    return uuidForm.test(mediaId) && Number(until) > now.getTime() ? { workspaceId, mediaId } : null;
  } catch {
    return null;
  }
}
