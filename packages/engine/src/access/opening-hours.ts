import {
  alwaysOpen,
  type OpeningHours,
  type OpeningPlace,
  openingHoursSchema,
} from '@signalbox/nodes/time/opening-hours';
import type { Scope } from '../db/work.ts';

/** When somebody of the workspace is there, and on which clocks: one statement, for whoever needs it once. */
export async function readOpening({
  tx,
  workspaceId,
}: Scope): Promise<{ readonly opening: OpeningHours; readonly place: OpeningPlace }> {
  const row = await tx
    .selectFrom('workspaces as w')
    .leftJoin('opening_hours as o', 'o.workspace_id', 'w.workspace_id')
    .select(['w.time_zone as zone', 'w.home_country as country', 'o.settings'])
    .where('w.workspace_id', '=', workspaceId)
    .executeTakeFirstOrThrow();
  const { zone, country, settings } = row;
  return { opening: settings === null ? alwaysOpen : openingHoursSchema.parse(settings), place: { zone, country } };
}
