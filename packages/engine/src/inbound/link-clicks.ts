import { sql } from 'kysely';
import type { Logger } from 'pino';
import { receiveEvent } from '../cohorts/api-events.ts';
import type { ArrivalDeps, Arrived } from '../cohorts/arrivals.ts';
import type { RunRef } from '../cohorts/run-ref.ts';
import { scalarArray, textArray, timeArray, uuidArray } from '../db/array-literals.ts';
import { type Db, inWorkspace, isOutage, through } from '../db/database.ts';
import type { LinkDevice } from '../db/states.ts';
import type { Work } from '../db/work.ts';
import { shown } from '../http/ids.ts';
import type { Clock } from '../runtime/clock.ts';
import { createGroupCommit } from '../runtime/group-commit.ts';
import type { Ids } from '../runtime/ids.ts';

export type ClickDeps = {
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Logger;
  readonly arrivalDeps: ArrivalDeps;
  readonly onArrived: (workspaceId: string, arrived: Arrived) => void;
};

/** That a link was asked for. */
export type Click = {
  readonly code: string;
  readonly at: Date;
  readonly device: LinkDevice;
  readonly automatic: boolean;
};

/** What is recorded of clicks as an event of the person. */
export const clickEvent = 'link.clicked';

/** The same of a link within this is a double tap, or somebody who reloads: one click. */
const oneClickMs = 10_000;
const windowMs = 100;
const mostInOne = 200;
/** Clicks that may wait for a database that is away; from there on they are lost. */
const mostWaiting = 20_000;
const againMs = 1_000;

/**
 * Takes clicks and writes them behind: whoever follows a link does not wait for it. What comes close together is one transaction a
 * workspace. A database that is away is waited for; a process that is killed loses what it had not written.
 */
export function createClickLog(deps: ClickDeps) {
  const db = through(deps.db, 'webhooks');
  const open = new Set<Promise<unknown>>();
  let closing = false;

  const write = async (workspaceId: string, clicks: readonly Click[]): Promise<void> => {
    for (;;) {
      try {
        const now = deps.clock.now();
        const arrived = await inWorkspace(db, workspaceId, (tx) =>
          recordClicks(deps, { tx, workspaceId, now }, clicks),
        );
        if (arrived !== null) deps.onArrived(workspaceId, arrived);
        return;
      } catch (error) {
        if (!isOutage(error) || closing) throw error;
        await new Promise((resolve) => setTimeout(resolve, againMs));
      }
    }
  };
  const group = createGroupCommit<Click, null>({
    most: mostInOne,
    windowMs: () => (closing ? 0 : windowMs),
    commit: async (workspaceId, clicks) => {
      await write(workspaceId, clicks);
      return clicks.map(() => null);
    },
  });

  return {
    /** Never throws and never waits. */
    add(workspaceId: string, click: Click): void {
      if (open.size >= mostWaiting) {
        deps.log.warn({ workspace: workspaceId }, 'a click was lost: too many wait for the database');
        return;
      }
      const written = group
        .add(workspaceId, click)
        .catch((error: unknown) => deps.log.warn({ err: error, workspace: workspaceId }, 'clicks could not be written'))
        .finally(() => open.delete(written));
      open.add(written);
    },
    /** Resolves once everything that was taken is written, or cannot be. */
    async drain(): Promise<void> {
      closing = true;
      await Promise.all(open);
    },
  };
}

type Clicked = {
  readonly code: string;
  readonly contact_id: string;
  readonly message_id: string;
  readonly flow_id: string | null;
  readonly target: string;
  /** The kinds of clicks that it had just now. */
  readonly just: readonly string[];
};

const kindOf = ({ automatic, device }: Pick<Click, 'automatic' | 'device'>): string => `${automatic}/${device}`;

/**
 * Writes clicks down: each as a row, and those by people in the link's count and as an event of the person, for which flows listen.
 *
 * @returns what moved; null where nothing was new.
 */
async function recordClicks(deps: ClickDeps, work: Work, clicks: readonly Click[]): Promise<Arrived | null> {
  const { tx, workspaceId } = work;
  const first = new Map(clicks.toReversed().map((click) => [`${click.code}/${kindOf(click)}`, click] as const));
  const since = new Date(Math.min(...clicks.map(({ at }) => at.getTime())) - oneClickMs);
  const links = await sql<Clicked>`
    SELECT l.code, l.contact_id, l.message_id, l.flow_id, l.target, ARRAY(
      SELECT DISTINCT c.automatic || '/' || c.device FROM link_clicks c WHERE c.workspace_id = l.workspace_id AND c.code = l.code AND c.at > ${since}
    ) AS just
    FROM links l WHERE l.workspace_id = ${workspaceId} AND l.code = ANY(${[...new Set(clicks.map(({ code }) => code))]}::text[])
    ORDER BY l.contact_id, l.code`.execute(tx);
  const fresh = links.rows.flatMap((link) =>
    [...first.values()]
      .filter((click) => click.code === link.code && !link.just.includes(kindOf(click)))
      .map((click) => ({ ...click, link, id: deps.ids.uuid() })),
  );
  if (fresh.length === 0) return null;
  const runs: RunRef[] = [];
  const wake: string[] = [];
  const counted = fresh.filter(({ automatic }) => !automatic);
  for (const { link, device, at } of counted) {
    const received = await receiveEvent(deps.arrivalDeps, work, {
      id: deps.ids.uuid(),
      type: clickEvent,
      contactId: link.contact_id,
      data: {
        url: link.target,
        device,
        message_id: shown('message', link.message_id),
        ...(link.flow_id === null ? {} : { flow_id: shown('flow', link.flow_id) }),
      },
      occurredAt: at,
      cause: 'link',
    });
    runs.push(...(received?.runs ?? []));
    wake.push(...(received?.wake ?? []));
  }
  await sql`
    INSERT INTO link_clicks (workspace_id, id, code, at, device, automatic)
    SELECT ${workspaceId}::uuid, x.* FROM unnest(
      ${uuidArray(fresh.map(({ id }) => id))}::uuid[], ${textArray(fresh.map(({ code }) => code))}::text[], ${timeArray(fresh.map(({ at }) => at))}::timestamptz[],
      ${textArray(fresh.map(({ device }) => device))}::text[], ${scalarArray(fresh.map(({ automatic }) => automatic))}::boolean[]
    ) AS x`.execute(tx);
  if (counted.length > 0)
    await sql`
      UPDATE links l SET clicks = l.clicks + x.clicks, first_clicked_at = least(l.first_clicked_at, x.first), last_clicked_at = greatest(l.last_clicked_at, x.last)
      FROM (
        SELECT code, count(*)::int AS clicks, min(at) AS first, max(at) AS last FROM unnest(
          ${textArray(counted.map(({ code }) => code))}::text[], ${timeArray(counted.map(({ at }) => at))}::timestamptz[]
        ) AS c(code, at) GROUP BY code
      ) AS x WHERE l.workspace_id = ${workspaceId} AND l.code = x.code`.execute(tx);
  return { runs, wake };
}
