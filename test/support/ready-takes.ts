import type { Db } from '@signalbox/engine/db/database';
import type { Take } from '@signalbox/engine/sending/plan-turns';
import { readyBacklogs } from '@signalbox/engine/sending/turns';

/** So many of every backlog that is ready: for tests that claim by hand. */
export async function readyTakes(db: Db, at: Date, places = 10): Promise<Take[]> {
  return (await readyBacklogs(db, 0, at)).map((backlog) => ({ backlog, places }));
}
