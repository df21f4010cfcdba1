import type { TestAssignment, TestStanding } from '@signalbox/nodes/define/arms';
import type { Ports } from '@signalbox/nodes/define/ports';
import { sql } from 'kysely';
import { scalarArray, textArray, uuidArray } from '../../db/array-literals.ts';
import { createBatchLoader } from '../../runtime/batch-loader.ts';
import { armsGiven, lockTest } from '../../versions/tests.ts';
import { defineEffect } from './define-effect.ts';

type Given = TestAssignment & { readonly testId: string; readonly contactId: string };

/** How tests stand, and what people are given in them: two reads and one write for each test step of a call, however many people. */
export const tests = defineEffect<Ports['tests']>(({ tx, workspaceId, now, flowId, version }) => {
  const scope = { tx, workspaceId };
  const standings = createBatchLoader(
    async (keys: ReadonlyArray<{ readonly stepId: string; readonly contactId: string }>) => {
      const found = new Map<string, TestStanding>();
      for (const [stepId, people] of Map.groupBy(keys, (key) => key.stepId)) {
        const place = { flowId, stepId };
        const test = await lockTest(scope, { ...place, version });
        const given = await armsGiven(
          scope,
          place,
          people.map(({ contactId }) => contactId),
        );
        for (const { contactId } of people)
          found.set(`${stepId}/${contactId}`, { ...test, given: given.get(contactId) ?? null });
      }
      return keys.map(({ stepId, contactId }) => {
        const standing = found.get(`${stepId}/${contactId}`);
        if (standing === undefined) throw new Error('A test was asked for nobody.');
        return standing;
      });
    },
  );
  const collected = new Map<string, Given>();
  return {
    bind: (row, { id: stepId }) => {
      let testId: string | null = null;
      return {
        standing: async () => {
          const standing = await standings.load({ stepId, contactId: row.contact.id });
          testId = standing.id;
          return standing;
        },
        give: (assignment) => {
          if (testId === null) throw new Error('Somebody is given something of a test that was not asked for.');
          collected.set(row.id, { ...assignment, testId, contactId: row.contact.id });
        },
      };
    },
    reads: [standings],
    write: async (enrollments) => {
      const given = [...collected].filter(([id]) => enrollments.has(id)).map(([, each]) => each);
      if (given.length === 0) return;
      await sql`
        INSERT INTO test_assignments (workspace_id, test_id, contact_id, arm, propensity, decided_by, keeps_control, assigned_at)
        SELECT ${workspaceId}::uuid, x.*, ${now}::timestamptz FROM unnest(
          ${uuidArray(given.map(({ testId }) => testId))}::uuid[], ${uuidArray(given.map(({ contactId }) => contactId))}::uuid[],
          ${textArray(given.map(({ arm }) => arm))}::text[], ${scalarArray(given.map(({ propensity }) => propensity))}::float8[],
          ${textArray(given.map(({ by }) => by))}::text[], ${scalarArray(given.map(({ keepsControl = false }) => keepsControl))}::boolean[]
        ) AS x ON CONFLICT (workspace_id, test_id, contact_id) DO NOTHING`.execute(tx);
    },
    discard: (enrollmentId) => {
      collected.delete(enrollmentId);
    },
  };
});
