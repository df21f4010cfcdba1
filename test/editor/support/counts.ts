import type { Page } from 'playwright-core';
import { z } from 'zod';
import type { Product } from './product.ts';

const countSchema = z.object({
  step: z.string(),
  entered: z.coerce.number(),
  here: z.coerce.number(),
  left: z.coerce.number(),
  failed: z.coerce.number(),
});
export type StepCount = z.infer<typeof countSchema>;

const bySteps = (a: StepCount, b: StepCount): number => a.step.localeCompare(b.step);

/**
 * Counts people per step from where they stand and where they went, not from the counters that the engine keeps.
 * A step is left by every entry of the path but those of a failure; people who stand there have not left it.
 */
export async function countFromPaths(product: Product, flowName: string): Promise<StepCount[]> {
  const rows = await product.sql(
    `WITH places AS (
       SELECT v.id AS version_id, (s.rank - 1)::int AS rank, s.step->>'id' AS step
       FROM flow_versions v JOIN flows f ON f.id = v.flow_id, jsonb_array_elements(v.compiled->'steps') WITH ORDINALITY AS s(step, rank)
       WHERE f.name = $1
     ), everyone AS (
       SELECT id, version_id, NULL::int AS failed_hop FROM enrollments
       UNION ALL SELECT id, version_id, CASE WHEN outcome = 'failed' THEN hop END FROM enrollment_history
     ), moves AS (
       SELECT p.step, 0 AS here, (g.failed_hop IS NULL OR g.failed_hop <> e.hop)::int AS went, coalesce((g.failed_hop = e.hop)::int, 0) AS failed
       FROM enrollment_path e JOIN everyone g ON g.id = e.enrollment_id JOIN places p ON p.version_id = g.version_id AND p.rank = e.step
       UNION ALL
       SELECT p.step, 1, 0, 0 FROM enrollments e JOIN places p ON p.version_id = e.version_id AND p.rank = e.step
     )
     SELECT step, count(*) AS entered, sum(here) AS here, sum(went) AS left, sum(failed) AS failed FROM moves GROUP BY step`,
    [flowName],
  );
  return rows.map((row) => countSchema.parse(row)).sort(bySteps);
}

/** The counts that the cards of the canvas show. */
export async function countsOnCanvas(page: Page): Promise<StepCount[]> {
  const shown = await page.locator('[data-testid^="here-"]').evaluateAll((elements) =>
    elements.map((element) => ({
      step: (element.getAttribute('data-testid') ?? '').slice('here-'.length),
      entered: element.getAttribute('data-entered'),
      here: element.getAttribute('data-here'),
      left: element.getAttribute('data-left'),
      failed: element.getAttribute('data-failed'),
    })),
  );
  return shown.map((each) => countSchema.parse(each)).sort(bySteps);
}

/** The numbers that a person reads on a card, in their order: those who failed, then those who are here or else those who left. */
export async function numbersInSight(
  page: Page,
): Promise<Array<{ readonly step: string; readonly numbers: readonly number[] }>> {
  const buttons = await page.locator('[data-testid^="here-"]').all();
  const read = await Promise.all(
    buttons.map(async (button) => ({
      step: ((await button.getAttribute('data-testid')) ?? '').slice('here-'.length),
      numbers: (await button.locator('span:visible').allTextContents()).map((text) => Number(text.replaceAll(',', ''))),
    })),
  );
  return read.sort((a, b) => a.step.localeCompare(b.step));
}

/** The numbers that must be in sight for a count. */
export function numbersFor({ here, left, failed }: StepCount): number[] {
  const people = here > 0 ? here : left;
  if (failed === 0) return [people];
  return people === 0 ? [failed] : [failed, people];
}
