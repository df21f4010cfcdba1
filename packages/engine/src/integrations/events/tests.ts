import { testConfig } from '@signalbox/nodes/library/logic/test';
import { sql } from 'kysely';
import { z } from 'zod';
import { testOutcomes } from '../../db/states.ts';
import { flowIdSchema, openEnum, testIdSchema, time } from '../../http/contract.ts';
import { shown } from '../../http/ids.ts';
import { defineEvents } from './define-events.ts';

const schema = z.object({
  test_id: testIdSchema,
  flow_id: flowIdSchema,
  step_id: z.string(),
  outcome: openEnum(testOutcomes),
  /** What everybody is given from then on: the winner, or the control where there was no difference. */
  arm: z.string(),
  label: z.string(),
  /** Whether the verdict decided, or somebody. */
  by: z.string(),
  at: time,
});

type Row = {
  id: string;
  flow_id: string;
  step_id: string;
  outcome: (typeof testOutcomes)[number];
  winner: string;
  config: unknown;
  ended_by: string;
  ended_at: Date;
};

/** How A/B tests end. */
export const testEvents = defineEvents({
  schema,
  example: {
    test_id: 'tst_01jd4w7h8zqv3m5k2n9x6r0t4c',
    flow_id: 'flw_01jd4w7h8zqv3m5k2n9x6r0t4c',
    step_id: 'offer',
    outcome: 'winner',
    arm: 'b',
    label: 'With an offer',
    by: 'verdict',
    at: '2026-11-22T17:35:00.000Z',
  },
  types: { 'test.decided': { title: 'An A/B test was decided' } },
  async read({ tx, workspaceId }, ids) {
    const { rows } = await sql<Row>`
      SELECT id, flow_id, step_id, outcome, winner, config, ended_by, ended_at FROM tests
      WHERE workspace_id = ${workspaceId} AND id = ANY(${[...ids]}::uuid[]) AND state = 'decided'`.execute(tx);
    return new Map(
      rows.map(({ id, flow_id, step_id, outcome, winner, config, ended_by, ended_at }) => {
        const test = shown('test', id);
        const label = testConfig.parse(config).arms.find((arm) => arm.id === winner)?.label ?? winner;
        const place = { test_id: test, flow_id: shown('flow', flow_id), step_id };
        const data = { ...place, outcome, arm: winner, label, by: ended_by, at: ended_at.toISOString() };
        return [id, { contactId: null, cause: test, data }];
      }),
    );
  },
});
