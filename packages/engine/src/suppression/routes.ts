import { z } from '@hono/zod-openapi';
import { liftableReasons, type SuppressionReason } from '@signalbox/nodes/define/consent-codes';
import { parsePhone } from '@signalbox/nodes/text/phone-number';
import { readHome } from '../access/home.ts';
import { importFile } from '../contacts/import-file.ts';
import { liftSuppression } from '../contacts/numbers.ts';
import { lockAllOf } from '../contacts/one-person.ts';
import { writeFeed, writeTopic } from '../db/feed.ts';
import type { Work } from '../db/work.ts';
import { suppressionIdSchema } from '../http/contract.ts';
import { csvAnswer, csvHeaders, csvStream } from '../http/csv-export.ts';
import { readCursor, timeAndIdCursor, toPage } from '../http/cursors.ts';
import { createEffectInParts, effect } from '../http/effect.ts';
import type { RouteDeps } from '../http/env.ts';
import { idFrom, shown } from '../http/ids.ts';
import { ProblemError, type ProblemErrorEntry } from '../http/problems.ts';
import { reading } from '../http/reading.ts';
import { type Recorder, recorderOf } from '../http/recorder.ts';
import { route } from '../http/route.ts';
import {
  answer,
  bodyFailures,
  failures,
  idempotencyHeaders,
  jsonBody,
  keyFailures,
  newRoutes,
  readFailures,
  writeFailures,
} from '../http/route-parts.ts';
import { fieldTexts } from '../http/texts.ts';
import { type OptedOut, optOut } from '../inbound/compliance.ts';
import type { CommitEngine } from '../inbound/webhook-commits.ts';
import {
  type Suppression,
  suppressedSchema,
  suppressionImportQuerySchema,
  suppressionImportSchema,
  suppressionListQuerySchema,
  suppressionListSchema,
  suppressSchema,
} from './contract.ts';
import { listSuppressions, type SuppressionRow } from './store.ts';

const list = route(
  { resource: 'suppressions', verb: 'list', needs: 'suppressions.read' },
  {
    method: 'get',
    path: '/suppressions',
    summary: 'List numbers that may not be texted, the latest first',
    description:
      'One entry for each reason: a number that opted out and was blocked has two, and is texted again once it has none.',
    request: { query: suppressionListQuerySchema },
    responses: {
      200: answer(suppressionListSchema, 'A page of suppressions'),
      ...failures(...readFailures, 'cursor_invalid'),
    },
  },
);

const suppress = route(
  {
    resource: 'suppressions',
    verb: 'create',
    needs: 'suppressions.write',
    audit: { action: 'numbers.suppressed', words: 'Blocked numbers' },
  },
  {
    method: 'post',
    path: '/suppressions',
    summary: 'Block up to 1,000 numbers, or enter opt-outs of elsewhere',
    description:
      'Holds at once, for messages in the queue too: whoever has one of the numbers leaves every flow, and what they consented to is revoked. The numbers need not be anybody’s yet.',
    request: { headers: idempotencyHeaders, body: jsonBody(suppressSchema) },
    responses: {
      200: answer(suppressedSchema, 'The suppressions of these numbers for this reason'),
      ...failures(...bodyFailures, ...keyFailures),
    },
  },
);

const importCsv = route(
  {
    resource: 'suppressions',
    verb: 'import',
    needs: 'suppressions.write',
    audit: { action: 'suppressions.imported', words: 'Imported opt-outs from a file' },
  },
  {
    method: 'post',
    path: '/suppressions/import',
    summary: 'Import opt-outs from CSV',
    description:
      'As contacts are imported, but for the column with the number nothing of the file is read, so that nothing else in a row can keep its number from being suppressed.',
    request: {
      query: suppressionImportQuerySchema,
      headers: idempotencyHeaders,
      body: {
        required: true,
        content: { 'text/csv': { schema: z.string().openapi({ example: 'phone\n+12025550192' }) } },
      },
    },
    responses: {
      200: answer(suppressionImportSchema, 'What was suppressed and what was not'),
      ...failures(
        ...writeFailures,
        ...keyFailures,
        'content_type',
        'import_not_utf8',
        'import_columns',
        'import_header_too_long',
        'import_too_many_rows',
      ),
    },
  },
);

const exportCsv = route(
  { resource: 'suppressions', verb: 'list', needs: 'suppressions.read' },
  {
    method: 'get',
    path: '/suppressions/export',
    summary: 'Export numbers that may not be texted as CSV',
    description: 'Every suppression whose number is known, the latest first.',
    responses: {
      200: csvAnswer('The file', 'phone,reason,note,at\r\n+12025550192,import,,2026-11-22T17:35:00.000Z\r\n'),
      ...failures(...readFailures),
    },
  },
);

const lift = route(
  {
    resource: 'suppressions',
    verb: 'delete',
    needs: 'suppressions.write',
    audit: { action: 'suppression.lifted', words: 'Lifted a suppression' },
  },
  {
    method: 'delete',
    path: '/suppressions/{suppression_id}',
    summary: 'Lift a block or an imported opt-out',
    description:
      'The number is texted again unless it is suppressed for another reason as well. Consent that was revoked stays revoked.',
    request: { params: z.object({ suppression_id: suppressionIdSchema }), headers: idempotencyHeaders },
    responses: {
      204: { description: 'Lifted' },
      ...failures(...writeFailures, ...keyFailures, 'not_found', 'suppression_theirs'),
    },
  },
);

function show(row: SuppressionRow): Suppression {
  return {
    id: shown('suppression', row.id),
    number: row.number,
    contact_id: row.contact_id === null ? null : shown('contact', row.contact_id),
    reason: row.reason,
    liftable: liftableReasons.some((reason) => reason === row.reason),
    note: row.note,
    recorded_by: row.actor_kind === null ? null : { kind: row.actor_kind, id: row.actor ?? '' },
    at: row.at.toISOString(),
  };
}

/** What numbers are suppressed through, beside the services of every route. */
export type SuppressionDeps = RouteDeps<Pick<CommitEngine, 'arrivalDeps' | 'onArrived'>>;

const exportPage = 1_000;

/** Numbers that may not be texted: who is among them, and why. */
export function suppressionRoutes(deps: SuppressionDeps) {
  const { arrivalDeps, onArrived } = deps.engine;
  const effectInParts = createEffectInParts();

  const suppressAll = async (
    work: Work,
    numbers: readonly string[],
    why: { readonly reason: SuppressionReason; readonly note: string | null; readonly by: Recorder },
  ): Promise<OptedOut> => {
    const done = await optOut(arrivalDeps, work, { numbers, contactId: null, messageId: null }, why);
    await writeFeed(work, { contactIds: done.contactIds, flowIds: done.flowIds, counts: done.flowIds.length > 0 });
    await writeTopic(work, { topic: 'suppressions', ids: [] });
    return done;
  };

  return newRoutes()
    .openapi(list, async (c) => {
      const { search, reason, since, limit, cursor } = c.req.valid('query');
      const before = readCursor(cursor, timeAndIdCursor);
      const rows = await reading(c, deps, (scope) =>
        listSuppressions(scope, {
          search,
          reason,
          since: since === undefined ? undefined : new Date(since),
          before,
          limit: limit + 1,
        }),
      );
      return c.json(
        toPage(rows, limit, show, (row) => [row.place, row.id]),
        200,
      );
    })
    .openapi(exportCsv, (c) => {
      const file = csvStream<readonly [string, string]>(['phone', 'reason', 'note', 'at'], async (before) => {
        const rows = await reading(c, deps, (scope) => listSuppressions(scope, { before, limit: exportPage }));
        const last = rows.at(-1);
        return {
          rows: rows.flatMap(({ number, reason, note, at }) =>
            number === null ? [] : [[number, reason, note, at.toISOString()]],
          ),
          next: rows.length < exportPage || last === undefined ? null : [last.place, last.id],
        };
      });
      return c.body(file, 200, csvHeaders('suppressions'));
    })
    .openapi(suppress, async (c) => {
      const { numbers: written, reason, note = null } = c.req.valid('json');
      const by = recorderOf(c);
      const done = await effect(c, deps, suppress, suppressedSchema, async (work) => {
        const { country } = await readHome(work);
        const errors: ProblemErrorEntry[] = [];
        const numbers = written.flatMap((text, index) => {
          const parsed = parsePhone(text, country);
          if (parsed.ok) return [parsed.e164];
          errors.push({ path: ['numbers', index], code: parsed.code, message: fieldTexts[parsed.code] });
          return [];
        });
        if (errors.length > 0) throw new ProblemError('validation_failed', { errors });
        const { wake } = await suppressAll(work, numbers, { reason, note, by });
        const rows = await listSuppressions(work, { reason, numbers, before: null, limit: numbers.length });
        return {
          body: { data: rows.map(show) },
          subject: null,
          detail: { reason, numbers: rows.length },
          after: () => onArrived(work.workspaceId, { runs: [], wake }),
        };
      });
      return c.json(done.body, 200, done.headers);
    })
    .openapi(importCsv, async (c) => {
      const bytes = new Uint8Array(await c.req.arrayBuffer());
      const { note = null } = c.req.valid('query');
      const by = recorderOf(c);
      const { country } = await reading(c, deps, readHome);
      const done = await effectInParts(c, deps, importCsv, suppressionImportSchema, async (runPart) => {
        let [suppressed, already] = [0, 0];
        const file = await importFile(bytes, { country, fields: ['phone'], custom: [] }, async (rows) => {
          const numbers = rows.map(({ contact }) => contact.phone);
          const { changed, wake, workspaceId } = await runPart(async (work) => ({
            ...(await suppressAll(work, numbers, { reason: 'import', note, by })),
            workspaceId: work.workspaceId,
          }));
          onArrived(workspaceId, { runs: [], wake });
          suppressed += changed.length;
          already += numbers.length - changed.length;
          return [];
        });
        return { body: { suppressed, already, ...file } };
      });
      return c.json(done.body, 200, done.headers);
    })
    .openapi(lift, async (c) => {
      const { suppression_id } = c.req.valid('param');
      const id = idFrom('suppression', suppression_id);
      const done = await effect(c, deps, lift, z.null(), async (work) => {
        const lifted = await liftSuppression(work, id);
        if (lifted.outcome === 'unknown') throw new ProblemError('not_found');
        if (lifted.outcome === 'theirs') throw new ProblemError('suppression_theirs');
        const people = lifted.number === null ? [] : await lockAllOf(work, [lifted.number]);
        await writeFeed(work, { contactIds: people.map((person) => person.id) });
        await writeTopic(work, { topic: 'suppressions', ids: [suppression_id] });
        return { body: null, subject: suppression_id, after: () => deps.engine.notifier.changed(work.workspaceId) };
      });
      return c.body(null, 204, done.headers);
    });
}
