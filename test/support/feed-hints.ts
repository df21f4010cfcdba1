import { sql } from 'kysely';
import type { Harness } from './harness.ts';

/** What the change feed is told of a flow from now on: `people` where its numbers or people moved, `flow` where it changed itself. */
export async function feedHintsOf(
  { inTx }: Pick<Harness, 'inTx'>,
  flowId: string,
): Promise<() => Promise<Array<'people' | 'flow'>>> {
  const rows = (after: string) =>
    inTx((tx) =>
      sql<{ id: string; counts: boolean }>`
        SELECT id, counts FROM feed WHERE ${flowId}::uuid = ANY(flow_ids) AND id > ${after}::bigint ORDER BY id`.execute(
        tx,
      ),
    );
  const before = (await rows('0')).rows.at(-1)?.id ?? '0';
  return async () => {
    const hints = (await rows(before)).rows.map(({ counts }): 'people' | 'flow' => (counts ? 'people' : 'flow'));
    return [...new Set(hints)].sort();
  };
}
