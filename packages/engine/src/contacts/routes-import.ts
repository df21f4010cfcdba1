import { createRoute, z } from '@hono/zod-openapi';
import { importResultSchema } from '../api/contract.ts';
import { inWorkspace } from '../db/database.ts';
import { writeFeed } from '../db/feed.ts';
import { effect } from '../http/effect.ts';
import type { ApiDeps } from '../http/env.ts';
import { ProblemError } from '../http/problems.ts';
import {
  answer,
  failures,
  idempotencyHeaders,
  keyFailures,
  newRoutes,
  security,
  writeFailures,
} from '../http/route-parts.ts';
import { type RowError, readCsv, requireFewRows } from './csv-import.ts';
import { defaultCountry } from './routes-shared.ts';
import { type NewContact, upsertContacts } from './store.ts';

/** Bytes of a file. */
export const mostImportBytes = 5 * 1_024 * 1_024;
const chunk = 1_000;
/** Errors told one by one; beyond these only counted. */
const mostErrors = 1_000;

const importCsv = createRoute({
  method: 'post',
  path: '/contacts/import',
  tags: ['Contacts'],
  security,
  summary: 'Import contacts from CSV',
  description:
    'UTF-8, at most 5 MB and 100,000 rows. Columns phone, first_name, last_name, email, time_zone; others become attributes. A known number is changed, not added twice; empty cells change nothing. Rows that do not fit are left out, and the first 1,000 of them told one by one; rows count as in a spreadsheet, the header being row 1.',
  request: {
    headers: idempotencyHeaders,
    body: {
      required: true,
      content: { 'text/csv': { schema: z.string().openapi({ example: 'phone,first_name\n+12025550143,Sample' }) } },
    },
  },
  responses: {
    200: answer(importResultSchema, 'What was stored and what was not'),
    ...failures(
      ...writeFailures,
      ...keyFailures,
      'body_too_large',
      'content_type',
      'import_not_utf8',
      'import_columns',
      'import_too_many_rows',
    ),
  },
});

/** The import of a file of contacts. */
export function importRoutes(deps: ApiDeps) {
  const { db, clock, ids, notifier } = deps.engine;

  return newRoutes().openapi(importCsv, async (c) => {
    const { workspaceId } = c.var.actor;
    const text = decode(await c.req.arrayBuffer());
    requireFewRows(text);
    const isSample = deps.demo !== null && c.req.header('x-signalbox-seed') === deps.demo.seedKey;
    const done = await effect(c, deps, importResultSchema, async () => {
      const result: { created: number; updated: number; failed: number; errors: RowError[] } = {
        created: 0,
        updated: 0,
        failed: 0,
        errors: [],
      };
      let waiting = new Map<string, NewContact>();
      // Chunks commit by themselves: repeating a part of an import changes nothing, and no lock is held for long.
      const store = async (): Promise<void> => {
        const contacts = [...waiting.values()];
        waiting = new Map();
        if (contacts.length === 0) return;
        const created = await inWorkspace(db, workspaceId, async (tx) => {
          const now = clock.now();
          const stored = await upsertContacts({ tx, workspaceId, now }, contacts, isSample);
          await writeFeed({ tx, workspaceId, now }, { contactIds: stored.ids });
          return stored.created;
        });
        notifier.changed(workspaceId);
        result.created += created;
        result.updated += contacts.length - created;
      };
      for await (const item of readCsv(text, defaultCountry)) {
        if ('code' in item) {
          result.failed += 1;
          if (result.errors.length < mostErrors) result.errors.push(item);
          continue;
        }
        // The same number twice in the file: the later line is an update of the earlier.
        if (waiting.has(item.contact.phone)) await store();
        waiting.set(item.contact.phone, { ...item.contact, id: ids.uuid() });
        if (waiting.size >= chunk) await store();
      }
      await store();
      return { body: result };
    });
    return c.json(done.body, 200, done.headers);
  });
}

/** @throws ProblemError `import_not_utf8`. */
function decode(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ProblemError('import_not_utf8');
  }
}
