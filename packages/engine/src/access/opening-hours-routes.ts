import { isOpenAt, type OpeningHours, openingHoursSchema, opensAt } from '@signalbox/nodes/time/opening-hours';
import { holidayRegions, holidaysOf } from '@signalbox/nodes/time/public-holidays';
import { writeTopic } from '../db/feed.ts';
import type { Scope } from '../db/work.ts';
import { changedDocument, effect } from '../http/effect.ts';
import { isSeed, type RouteDeps } from '../http/env.ts';
import { shown } from '../http/ids.ts';
import { reading } from '../http/reading.ts';
import { requireMatch, tagOf } from '../http/revisions.ts';
import { route } from '../http/route.ts';
import {
  answerWithTag,
  bodyFailures,
  failures,
  idempotencyHeaders,
  jsonBody,
  keyFailures,
  matchHeaders,
  newRoutes,
  readFailures,
} from '../http/route-parts.ts';
import { type OpeningHoursDocument, openingHoursDocumentSchema, updateOpeningHoursSchema } from './contract.ts';

const read = route(
  { resource: 'workspace', verb: 'read', needs: 'workspace.read' },
  {
    method: 'get',
    path: '/opening-hours',
    summary: 'Read when somebody is there to answer',
    responses: { 200: answerWithTag(openingHoursDocumentSchema, 'The opening hours'), ...failures(...readFailures) },
  },
);

const update = route(
  {
    resource: 'workspace',
    verb: 'update',
    needs: 'workspace.write',
    audit: { action: 'opening_hours.updated', words: 'Changed the opening hours' },
  },
  {
    method: 'patch',
    path: '/opening-hours',
    summary: 'Change when somebody is there to answer',
    description:
      'In the workspace’s time zone. Auto-responses out of opening hours go by them. Public holidays are known of the USA and of Australia; days that are proclaimed for one year or one town are added as closed days.',
    request: { headers: matchHeaders.extend(idempotencyHeaders.shape), body: jsonBody(updateOpeningHoursSchema) },
    responses: {
      200: answerWithTag(openingHoursDocumentSchema, 'The opening hours'),
      ...failures(...bodyFailures, ...keyFailures, 'revision_required', 'stale'),
    },
  },
);

type Stored = {
  readonly id: string;
  readonly settings: OpeningHours;
  readonly revision: number;
  readonly zone: string;
  readonly country: string;
};

/** Whoever changes them holds the workspace's row: of two the second sees what the first did. */
async function readStored({ tx, workspaceId }: Scope, lock = false): Promise<Stored> {
  let home = tx
    .selectFrom('workspaces')
    .select(['time_zone as zone', 'home_country as country'])
    .where('workspace_id', '=', workspaceId);
  if (lock) home = home.forNoKeyUpdate();
  const place = await home.executeTakeFirstOrThrow();
  const row = await tx
    .selectFrom('opening_hours')
    .select(['settings', 'revision'])
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirst();
  return {
    id: shown('workspace', workspaceId),
    ...place,
    settings: openingHoursSchema.parse(row?.settings ?? {}),
    revision: row?.revision ?? 0,
  };
}

function show({ id, settings, revision, zone, country }: Stored, now: Date): OpeningHoursDocument {
  const year = now.getUTCFullYear();
  const today = now.toISOString().slice(0, 10);
  const nextYear = `${year + 1}${today.slice(4)}`;
  const holidays = [year, year + 1].flatMap((each) => holidaysOf(country, settings.region, each));
  const place = { zone, country };
  return {
    id,
    ...settings,
    regions: holidayRegions(country),
    public_holidays: holidays.filter(({ date }) => date >= today && date < nextYear),
    time_zone: zone,
    is_open: isOpenAt(settings, place, now),
    opens_at: opensAt(settings, place, now)?.toISOString() ?? null,
    revision,
  };
}

/** When somebody of the workspace is there to answer. */
export function openingHoursRoutes(deps: RouteDeps) {
  const { clock } = deps.engine;
  return newRoutes()
    .openapi(read, async (c) => {
      const body = show(await reading(c, deps, (scope) => readStored(scope)), clock.now());
      return c.json(body, 200, { etag: tagOf(body.revision) });
    })
    .openapi(update, async (c) => {
      const given = c.req.valid('json');
      const isSample = isSeed(c, deps.demo);
      const done = await effect(c, deps, update, openingHoursDocumentSchema, async (work) => {
        const { tx, workspaceId, now } = work;
        const current = await readStored(work, true);
        requireMatch(c.req.header('if-match'), current.revision, () => show(current, now));
        const changed = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
        const settings = openingHoursSchema.parse({ ...current.settings, ...changed });
        const row = {
          settings: JSON.stringify(settings),
          revision: current.revision + 1,
          updated_at: now,
          is_sample: isSample,
        };
        await tx
          .insertInto('opening_hours')
          .values({ workspace_id: workspaceId, ...row })
          .onConflict((conflict) => conflict.column('workspace_id').doUpdateSet(row))
          .execute();
        await writeTopic(work, { topic: 'opening_hours', ids: [current.id] });
        return changedDocument(deps, work, show({ ...current, settings, revision: row.revision }, now));
      });
      return c.json(done.body, 200, done.headers);
    });
}
