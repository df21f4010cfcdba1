import type { BrandFacts } from '@signalbox/nodes/gate/define-rule';
import { sql } from 'kysely';
import { scalarArray, textArray } from '../db/array-literals.ts';
import type { Scope, Work } from '../db/work.ts';
import { periodOf } from '../pricing/spent.ts';

/** Carriers' days begin at midnight there. */
const carriersZone = 'America/Los_Angeles';
/** What is claimed in the last moments of a day may reach the carrier in the next one: it counts in both. */
const eitherDayMs = 60_000;
/** What is kept of days before. */
const keptMs = 2 * 86_400_000;

/**
 * What is left of brands' caps today. Whoever will take from it makes everybody who does so for one of these brands at the same time wait
 * until its transaction is over, so that each sees what the others took.
 *
 * @param caps segments a day, by brand.
 */
export async function readBrands(
  { tx, workspaceId, now }: Work,
  caps: ReadonlyMap<string, number>,
  { reserving }: { readonly reserving: boolean },
): Promise<ReadonlyMap<string, BrandFacts>> {
  if (caps.size === 0) return new Map();
  const names = [...caps.keys()].sort();
  if (reserving)
    await sql`SELECT pg_advisory_xact_lock(7210007, hashtext(${workspaceId} || brand)) FROM unnest(${textArray(names)}::text[]) AS brand`.execute(
      tx,
    );
  const { since, until } = periodOf('day', now, carriersZone);
  const { rows } = await sql<{ brand: string; segments: number }>`
    SELECT brand, sum(segments)::int AS segments FROM brand_segments
    WHERE workspace_id = ${workspaceId} AND brand = ANY(${textArray(names)}::text[]) AND at >= ${new Date(since.getTime() - eitherDayMs)}
    GROUP BY brand`.execute(tx);
  const taken = new Map(rows.map(({ brand, segments }) => [brand, segments]));
  return new Map([...caps].map(([name, cap]) => [name, { name, cap, left: cap - (taken.get(name) ?? 0), until }]));
}

/** Appends what was claimed for brands with a cap, and forgets what was long before. */
export async function writeBrandSegments(
  { tx, workspaceId }: Scope,
  claimed: ReadonlyArray<{ readonly brand: string | null; readonly segments: number }>,
  at: Date,
): Promise<void> {
  const taken = new Map<string, number>();
  for (const { brand, segments } of claimed) if (brand !== null) taken.set(brand, (taken.get(brand) ?? 0) + segments);
  if (taken.size === 0) return;
  await sql`
    WITH x AS (
      SELECT * FROM unnest(${textArray([...taken.keys()])}::text[], ${scalarArray([...taken.values()])}::int[]) AS x(brand, segments)
    ), old AS (
      DELETE FROM brand_segments b USING x WHERE b.workspace_id = ${workspaceId} AND b.brand = x.brand AND b.at < ${new Date(at.getTime() - keptMs)}
    )
    INSERT INTO brand_segments (workspace_id, brand, at, segments) SELECT ${workspaceId}::uuid, brand, ${at}, segments FROM x`.execute(
    tx,
  );
}
