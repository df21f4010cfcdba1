import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { sql } from 'kysely';
import { mediaIdSchema } from '../http/contract.ts';
import { effect } from '../http/effect.ts';
import type { ApiEnv, RouteDeps } from '../http/env.ts';
import { idFrom, shown } from '../http/ids.ts';
import { personal } from '../http/personal.ts';
import { ProblemError } from '../http/problems.ts';
import { reading } from '../http/reading.ts';
import { route } from '../http/route.ts';
import {
  answer,
  failures,
  idempotencyHeaders,
  keyFailures,
  newRoutes,
  readFailures,
  writeFailures,
} from '../http/route-parts.ts';
import { type Media, mediaSchema } from './contract.ts';
import { fileHeaders } from './file-headers.ts';
import { keptTypes, uploadTypes } from './file-kinds.ts';
import type { FileStore } from './file-store.ts';
import { contentPath, type MediaRow, readMedia, whyNotHere } from './read-media.ts';
import { keepUpload, putUpload } from './upload.ts';

const params = z.object({ media_id: mediaIdSchema });
/** A picture that can be written down: a GIF goes by its first letters. */
const letters = 'GIF89a0101000;';
const binary = z.string().openapi({ format: 'binary' });

const upload = route(
  {
    resource: 'media',
    verb: 'create',
    needs: 'messages.write',
    audit: { action: 'media.uploaded', words: 'Uploaded a picture' },
  },
  {
    method: 'post',
    path: '/media',
    summary: 'Upload a picture to be sent with messages',
    description:
      'The body is the picture itself: JPEG, PNG or GIF, at most 5 MB. What it is goes by its bytes, not by its Content-Type. Its id goes into `media` of messages and of steps that send.',
    request: {
      headers: idempotencyHeaders,
      body: {
        required: true,
        content: Object.fromEntries(
          uploadTypes.map((type) => [
            type,
            { schema: type === 'image/gif' ? binary.openapi({ example: letters }) : binary },
          ]),
        ),
      },
    },
    responses: {
      200: answer(mediaSchema, 'The picture, as it is kept'),
      ...failures(...writeFailures, ...keyFailures, 'content_type', 'media_type'),
    },
  },
);

const read = route(
  { resource: 'media', verb: 'read', needs: 'messages.read' },
  {
    method: 'get',
    path: '/media/{media_id}',
    summary: 'Read what is known of a file of a message',
    request: { params },
    responses: {
      200: answer(mediaSchema, 'The file, but for what is in it'),
      ...failures(...readFailures, 'not_found'),
    },
  },
);

const content = route(
  { resource: 'media', verb: 'read', needs: 'messages.read' },
  {
    method: 'get',
    path: '/media/{media_id}/content',
    summary: 'Read a file of a message',
    description: 'Pictures are shown in a page, everything else is downloaded. `not_found` until it is stored.',
    request: { params },
    responses: {
      200: {
        description: 'The file',
        content: Object.fromEntries(keptTypes.map((type) => [type, { schema: personal('text', binary) }])),
      },
      ...failures(...readFailures, 'not_found'),
    },
  },
);

const again = route(
  {
    resource: 'media',
    verb: 'restore',
    needs: 'messages.write',
    audit: { action: 'media.asked_again', words: 'Had a picture fetched again' },
  },
  {
    method: 'post',
    path: '/media/{media_id}/fetch',
    summary: 'Fetch a file again that could not be had',
    request: { params, headers: idempotencyHeaders },
    responses: {
      200: answer(mediaSchema, 'The file, which is waiting again'),
      ...failures(...writeFailures, ...keyFailures, 'not_found', 'media_not_lost'),
    },
  },
);

function show(row: MediaRow): Media {
  const { id, content_type: type, sha256, created_at, direction, state, bytes, width, height } = row;
  return {
    id: shown('media', id),
    direction,
    state,
    type,
    reason: whyNotHere(row.reason),
    bytes,
    width,
    height,
    sha256: sha256?.toString('hex') ?? null,
    url: state === 'stored' ? contentPath(id) : null,
    created_at: created_at.toISOString(),
  };
}

type MediaDeps = RouteDeps<{ readonly files: FileStore; readonly randomBytes: (bytes: number) => Buffer }>;

/** Files of messages. */
export function mediaRoutes(deps: MediaDeps) {
  const { engine } = deps;
  const found = async (c: Context<ApiEnv>, shownId: string): Promise<MediaRow> => {
    const row = await reading(c, deps, (scope) => readMedia(scope, idFrom('media', shownId)));
    if (row === null) throw new ProblemError('not_found');
    return row;
  };

  return newRoutes()
    .openapi(upload, async (c) => {
      const bytes = new Uint8Array(await c.req.arrayBuffer());
      const uploaded = await putUpload(engine, c.var.actor.workspaceId, bytes);
      const done = await effect(c, deps, upload, mediaSchema, async (work) => {
        const id = engine.ids.uuid();
        await keepUpload(work, id, uploaded);
        const row = await readMedia(work, id);
        if (row === null) throw new Error('A file without its row.');
        const body = show(row);
        return { body, subject: body.id, detail: { bytes: uploaded.bytes } };
      });
      return c.json(done.body, 200, done.headers);
    })
    .openapi(read, async (c) => c.json(show(await found(c, c.req.valid('param').media_id)), 200))
    .openapi(content, async (c) => {
      const row = await found(c, c.req.valid('param').media_id);
      const bytes = row.state === 'stored' ? await engine.files.open(row.storage_key) : null;
      if (bytes === null) throw new ProblemError('not_found');
      const headers = { ...fileHeaders(row), 'cache-control': 'private, max-age=300' };
      return new Response(new Uint8Array(bytes), { status: 200, headers });
    })
    .openapi(again, async (c) => {
      const id = idFrom('media', c.req.valid('param').media_id);
      const done = await effect(c, deps, again, mediaSchema, async (work) => {
        const { tx, workspaceId, now } = work;
        const asked = await sql`
          UPDATE media SET state = 'waiting', reason = NULL, attempts = 0, next_at = ${now}
          WHERE workspace_id = ${workspaceId} AND id = ${id} AND state = 'lost' AND source IS NOT NULL RETURNING 1`.execute(
          tx,
        );
        const row = await readMedia(work, id);
        if (row === null) throw new ProblemError('not_found');
        if (asked.rows.length === 0) throw new ProblemError('media_not_lost');
        return { body: show(row), subject: shown('media', id) };
      });
      return c.json(done.body, 200, done.headers);
    });
}
