import { z } from '@hono/zod-openapi';
import { readHome } from '../access/home.ts';
import { endCovered } from '../cohorts/end-covered.ts';
import { type ConsentProof, noProof } from '../consent/store.ts';
import { refusal } from '../contacts/csv-import.ts';
import { contactsOfPhones } from '../contacts/found-contacts.ts';
import { importFile } from '../contacts/import-file.ts';
import { lockContacts } from '../contacts/one-person.ts';
import { readRecipients } from '../contacts/recipients.ts';
import { writeFeed } from '../db/feed.ts';
import { instantSchema } from '../http/contract.ts';
import { csvAnswer, csvHeaders, csvStream } from '../http/csv-export.ts';
import { createEffectInParts, effect } from '../http/effect.ts';
import type { RouteDeps } from '../http/env.ts';
import { shown } from '../http/ids.ts';
import { fieldProblem } from '../http/problems.ts';
import { reading } from '../http/reading.ts';
import { showReason } from '../http/reasons.ts';
import { recorderOf } from '../http/recorder.ts';
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
import type { CommitEngine } from '../inbound/webhook-commits.ts';
import {
  consentImportQuerySchema,
  consentImportSchema,
  recordConsentsSchema,
  recordedConsentsSchema,
} from './contract.ts';
import { askToConfirm, readAbout, recordSaid } from './record.ts';
import { readLedger } from './store.ts';

const record = route(
  {
    resource: 'consent',
    verb: 'handle',
    needs: 'consent.write',
    audit: { action: 'consent.recorded', words: 'Recorded consent' },
  },
  {
    method: 'post',
    path: '/consents',
    summary: 'Record what up to 1,000 people consented to or took back, or ask them to confirm it',
    description:
      '`grant` and `revoke` write down what somebody said elsewhere, with what proves it. `request` sends the question of a programme to each, once, and waits 72 hours for a YES; who is suppressed is not asked. A grant opens no number that is suppressed. A revocation ends the enrollments in which nothing but texts of what was taken back can still come.',
    request: { headers: idempotencyHeaders, body: jsonBody(recordConsentsSchema) },
    responses: {
      200: answer(recordedConsentsSchema, 'What became of each, in order'),
      ...failures(...bodyFailures, ...keyFailures),
    },
  },
);

/** Columns that a file of consents may have beside the number. */
const proofColumns = ['wording', 'source', 'source_url', 'ip', 'user_agent', 'given_at'] as const;

const importCsv = route(
  {
    resource: 'consent',
    verb: 'import',
    needs: 'consent.write',
    audit: { action: 'consents.imported', words: 'Imported consents from a file' },
  },
  {
    method: 'post',
    path: '/consents/import',
    summary: 'Import consents from CSV',
    description: `As contacts are imported, with a column for the number and any of ${proofColumns.join(', ')}; other columns are left out. Each row is somebody who agreed to the programme or the purpose that the query names; to marketing where it names neither.`,
    request: {
      query: consentImportQuerySchema,
      headers: idempotencyHeaders,
      body: {
        required: true,
        content: {
          'text/csv': {
            schema: z
              .string()
              .openapi({ example: 'phone,given_at,source\n+12025550194,2026-11-01T09:00:00Z,Old system' }),
          },
        },
      },
    },
    responses: {
      200: answer(consentImportSchema, 'What was recorded and what was not'),
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
  { resource: 'consent', verb: 'list', needs: 'consent.read' },
  {
    method: 'get',
    path: '/consents/export',
    summary: 'Export the consent ledger as CSV',
    description:
      'Everything that was ever agreed to, asked for and taken back, the oldest first, with the words shown.',
    responses: {
      200: csvAnswer(
        'The file',
        'at,phone,contact_id,purpose,action\r\n2026-11-22T17:35:00.000Z,+12025550143,con_01jd4w7h8zqv3m5k2n9x6r0t4c,marketing,granted\r\n',
      ),
      ...failures(...readFailures),
    },
  },
);

const exported = [
  'at',
  'phone',
  'contact_id',
  'purpose',
  'action',
  'method',
  'programme',
  'version',
  'hash',
  'disclosure',
  'wording',
  'they_wrote',
  'source',
  'source_url',
  'ip',
  'user_agent',
  'given_at',
] as const;
const exportPage = 1_000;

/** What consents are recorded through, beside the services of every route. */
export type ConsentDeps = RouteDeps<
  Pick<CommitEngine, 'arrivalDeps' | 'onArrived'> & { readonly onQueued: () => void }
>;

/** What people consented to: recorded, asked for, brought from elsewhere, handed out. */
export function consentRoutes(deps: ConsentDeps) {
  const { engine } = deps;
  const effectInParts = createEffectInParts();

  return newRoutes()
    .openapi(record, async (c) => {
      const said = c.req.valid('json');
      const { action, method, wording = null } = said;
      const proof: Omit<ConsentProof, 'shown'> = {
        source: said.source ?? null,
        sourceUrl: said.source_url ?? null,
        ip: said.ip ?? null,
        userAgent: said.user_agent ?? null,
        givenAt: said.given_at === undefined ? null : new Date(said.given_at),
        by: recorderOf(c),
      };
      const done = await effect(c, deps, record, recordedConsentsSchema, async (work) => {
        const about = await readAbout(work, said);
        const { question } = about;
        if (action === 'request' && question === null)
          throw fieldProblem(['action'], 'question_missing', fieldTexts.question_missing);
        const people = await readRecipients(engine, work, said.people, 'people', []);
        const ids = [...new Set(people.map(({ contactId }) => contactId))];
        await lockContacts(work, ids);
        const all = ids.map((contactId) => ({ contactId, method, wording, proof: { ...proof, shown: about.shown } }));
        let ended: Awaited<ReturnType<typeof endCovered>> = { flowIds: [], wake: [] };
        const became = new Map<string, { outcome: 'recorded' | 'asked' | 'unchanged' | 'refused'; reason: unknown }>();
        if (action === 'request' && question !== null) {
          for (const each of await askToConfirm(engine, work, { ...about, question }, all))
            became.set(each.contactId, each);
        } else {
          const entries = all.map((each) => ({ ...each, messageId: null }));
          await recordSaid(engine, work, about.purpose, action === 'grant' ? 'granted' : 'revoked', entries);
          if (action === 'revoke')
            ended = await endCovered(engine.arrivalDeps, work, ids, { purpose: about.purpose, method });
        }
        await writeFeed(work, { contactIds: ids, flowIds: ended.flowIds, counts: ended.flowIds.length > 0 });
        return {
          body: {
            data: people.map(({ contactId }) => {
              const { outcome, reason } = became.get(contactId) ?? { outcome: 'recorded' as const, reason: null };
              const why = showReason(reason);
              return {
                contact_id: shown('contact', contactId),
                outcome,
                reason: why === null ? null : { code: why.code, text: why.text },
              };
            }),
          },
          subject: said.programme_id ?? null,
          detail: { action, purpose: about.purpose, people: ids.length },
          after: () => {
            engine.notifier.changed(work.workspaceId);
            engine.onArrived(work.workspaceId, { runs: [], wake: ended.wake });
            if (action === 'request') engine.onQueued();
          },
        };
      });
      return c.json(done.body, 200, done.headers);
    })
    .openapi(importCsv, async (c) => {
      const bytes = new Uint8Array(await c.req.arrayBuffer());
      const { method, source: everySource, programme_id, version, purpose } = c.req.valid('query');
      const named =
        programme_id === undefined ? { purpose: purpose ?? 'marketing', version } : { programme_id, version, purpose };
      const by = recorderOf(c);
      const { country, about } = await reading(c, deps, async (scope) => ({
        about: await readAbout(scope, named),
        country: (await readHome(scope)).country,
      }));
      const done = await effectInParts(c, deps, importCsv, consentImportSchema, async (runPart) => {
        let recorded = 0;
        const fields = ['phone', ...proofColumns];
        const file = await importFile(bytes, { country, fields, custom: [] }, async (rows) => {
          const read = rows.map(({ row, contact: { phone, attributes = {} } }) => ({ row, phone, cells: attributes }));
          const refused = read.flatMap(({ row, cells }) =>
            cells['given_at'] === undefined || instantSchema.safeParse(cells['given_at']).success
              ? []
              : [refusal(row, 'given_at', 'time_invalid', String(cells['given_at']))],
          );
          const without = new Set(refused.map(({ row }) => row));
          const kept = read.filter(({ row }) => !without.has(row));
          const workspaceId = await runPart(async (work) => {
            const found = await contactsOfPhones(
              engine,
              work,
              kept.map(({ phone }) => phone),
            );
            const ids = [...found.values()].map(({ id }) => id);
            await lockContacts(work, ids);
            const said = kept.flatMap(({ phone, cells }) => {
              const contactId = found.get(phone)?.id;
              const cell = (name: (typeof proofColumns)[number]) =>
                cells[name] === undefined ? null : String(cells[name]);
              const givenAt = cell('given_at');
              const proof: ConsentProof = {
                ...noProof,
                shown: about.shown,
                source: cell('source') ?? everySource ?? null,
                sourceUrl: cell('source_url'),
                ip: cell('ip'),
                userAgent: cell('user_agent'),
                givenAt: givenAt === null ? null : new Date(givenAt),
                by,
              };
              return contactId === undefined
                ? []
                : [{ contactId, method, wording: cell('wording'), proof, messageId: null }];
            });
            await recordSaid(engine, work, about.purpose, 'granted', said);
            await writeFeed(work, { contactIds: ids });
            return work.workspaceId;
          });
          engine.notifier.changed(workspaceId);
          recorded += kept.length;
          return refused;
        });
        return { body: { recorded, ...file } };
      });
      return c.json(done.body, 200, done.headers);
    })
    .openapi(exportCsv, (c) => {
      const file = csvStream<string>(exported, async (after) => {
        const rows = await reading(c, deps, (scope) => readLedger(scope, after, exportPage));
        return {
          rows: rows.map((row) => [
            row.at.toISOString(),
            row.phone,
            shown('contact', row.contact_id),
            row.purpose,
            row.action,
            row.method,
            row.programme,
            row.version === null ? null : String(row.version),
            row.hash?.toString('hex') ?? null,
            row.disclosure,
            row.wording,
            row.source_text,
            row.source,
            row.source_url,
            row.ip,
            row.user_agent,
            row.given_at?.toISOString() ?? null,
          ]),
          next: rows.length < exportPage ? null : (rows.at(-1)?.id ?? null),
        };
      });
      return c.body(file, 200, csvHeaders('consents'));
    });
}
