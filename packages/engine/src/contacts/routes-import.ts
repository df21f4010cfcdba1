import { z } from '@hono/zod-openapi';
import { writtenFieldNames } from '@signalbox/nodes/define/contact-fields';
import { readHome } from '../access/home.ts';
import { createEffectInParts } from '../http/effect.ts';
import { isSeed, type RouteDeps } from '../http/env.ts';
import { reading } from '../http/reading.ts';
import { route } from '../http/route.ts';
import { answer, failures, idempotencyHeaders, keyFailures, newRoutes, writeFailures } from '../http/route-parts.ts';
import { importResultSchema } from './contract.ts';
import { listFields } from './fields.ts';
import { importFile } from './import-file.ts';
import { createRowStore } from './store-rows.ts';

const importCsv = route(
  {
    resource: 'contacts',
    verb: 'import',
    needs: 'contacts.write',
    audit: { action: 'contacts.imported', words: 'Imported contacts from a file' },
  },
  {
    method: 'post',
    path: '/contacts/import',
    summary: 'Import contacts from CSV',
    description: `UTF-8, or UTF-16 with its byte order mark; at most 5 MB and 100,000 rows. Columns ${['phone', ...writtenFieldNames].join(', ')}, also under common other names such as Mobile; others are fields of the workspace by key or label, whose types their values must fit, or become attributes, and “columns” in the answer says which became what. A known number is changed, not added twice; empty cells change nothing. Numbers without a country code are read as numbers of the workspace’s home country. Rows that do not fit are left out, and the first 1,000 of them told one by one; rows count as in a spreadsheet, the header being row 1.`,
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
        'import_header_too_long',
        'import_too_many_rows',
      ),
    },
  },
);

/** The import of a file of contacts. */
export function importRoutes(deps: RouteDeps) {
  const { ids } = deps.engine;
  const effectInParts = createEffectInParts();

  const storeRows = createRowStore(deps);

  return newRoutes().openapi(importCsv, async (c) => {
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    const isSample = isSeed(c, deps.demo);
    const { country, custom } = await reading(c, deps, async (scope) => ({
      country: (await readHome(scope)).country,
      custom: await listFields(scope),
    }));
    const done = await effectInParts(c, deps, importCsv, importResultSchema, async (runPart) => {
      let [created, updated] = [0, 0];
      const file = await importFile(bytes, { country, fields: null, custom }, async (rows) => {
        const made = rows.map(({ row, contact }) => ({ row, contact: { ...contact, id: ids.uuid() } }));
        const stored = await storeRows(runPart, made, isSample);
        const known = [...stored.stored.values()];
        created += known.filter((person) => person.created).length;
        updated += known.filter((person) => !person.created).length;
        return stored.refused;
      });
      return { body: { created, updated, ...file } };
    });
    return c.json(done.body, 200, done.headers);
  });
}
