import { Hono } from 'hono';
import type { SecretBox } from '../accounts/secret-box.ts';
import { type Db, readWorkspace } from '../db/database.ts';
import type { ApiEnv } from '../http/env.ts';
import type { Clock } from '../runtime/clock.ts';
import { fileHeaders } from './file-headers.ts';
import { readFileToken } from './file-links.ts';
import type { FileStore } from './file-store.ts';
import { readMedia } from './read-media.ts';

const withoutEnding = (name: string): string => name.replace(/\.(?:jpg|png|gif)$/, '');

/** Files below `/m/` for providers, who know nothing but the address: one that expired or was never made is as if nothing were there. */
export function filePages(deps: {
  readonly db: Db;
  readonly clock: Clock;
  readonly box: SecretBox;
  readonly files: FileStore;
}) {
  const find = async (token: string): Promise<Response | null> => {
    const linked = readFileToken(deps.box, token, deps.clock.now());
    if (linked === null) return null;
    const { workspaceId, mediaId } = linked;
    const row = await readWorkspace(deps.db, workspaceId, (tx) => readMedia({ tx, workspaceId }, mediaId));
    if (row === null || row.state !== 'stored') return null;
    const bytes = await deps.files.open(row.storage_key);
    const headers = { ...fileHeaders(row), 'cache-control': 'private, no-store', 'x-robots-tag': 'noindex' };
    return bytes === null ? null : new Response(new Uint8Array(bytes), { headers });
  };
  return new Hono<ApiEnv>().get(
    '/m/:token',
    async (c) => (await find(withoutEnding(c.req.param('token')))) ?? c.notFound(),
  );
}
