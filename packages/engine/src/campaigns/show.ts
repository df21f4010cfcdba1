import type { Names } from '@signalbox/nodes/flow/describe-condition';
import type { Scope } from '../db/work.ts';
import { draftProblems } from '../flows/publish.ts';
import { requireFlow, showProblem } from '../flows/routes-shared.ts';
import type { FlowDeps } from '../flows/services.ts';
import { type CountsOfFlow, countsOf, peopleOf } from '../flows/store.ts';
import { shown } from '../http/ids.ts';
import { ProblemError } from '../http/problems.ts';
import { describeAudience, namesOfAudiences } from './audience.ts';
import type { Campaign, CampaignSummary } from './contract.ts';
import { messageNode, readShape } from './shape.ts';
import { type CampaignRow, listOccurrences, readCampaign } from './store.ts';

const shownOccurrences = 11;

const instant = (at: Date | null): string | null => at?.toISOString() ?? null;

/** A campaign in a list. */
export function showSummary(row: CampaignRow, names: Names, counts: CountsOfFlow | undefined): CampaignSummary {
  const { here, failed } = peopleOf({ entries: [] }, counts);
  return {
    id: shown('campaign', row.id),
    name: row.name,
    flow_id: shown('flow', row.flow_id),
    state: row.shown_state,
    schedule: row.schedule,
    audience_sentence: describeAudience(row.audience, names),
    next_at: instant(row.next_at),
    began_at: instant(row.began_at),
    ended_at: instant(row.ended_at),
    people: { expected: row.expected, let_in: row.let_in, already_in_flow: row.already_in_flow, here, failed },
    is_sample: row.is_sample,
    archived_at: instant(row.archived_at),
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

/** How far its people are, by the steps that send something. */
function progressOf(counts: CountsOfFlow | undefined, sends: readonly string[]) {
  const steps = counts?.steps ?? {};
  const sum = (pick: (id: string) => number) => sends.reduce((total, id) => total + pick(id), 0);
  const sending = sum((id) => steps[id]?.here ?? 0);
  const here = Object.values(steps).reduce((total, step) => total + step.here, 0);
  return {
    waiting: here - sending,
    sending,
    sent: sum((id) => counts?.outlets[id]?.['sent'] ?? 0),
    not_sent: sum((id) => counts?.outlets[id]?.['not_sent'] ?? 0),
  };
}

/** A campaign with everything that its screen shows, as it stands in this transaction. */
export async function showCampaign(deps: Pick<FlowDeps, 'engine'>, scope: Scope, row: CampaignRow): Promise<Campaign> {
  const flow = await requireFlow(deps, scope, row.flow_id, { archived: true });
  const counts = (await countsOf(scope, [row.flow_id])).get(row.flow_id);
  const problems = await draftProblems(deps.engine, scope, row.flow_id, flow.graph);
  const occurrences = await listOccurrences(scope, row.id, shownOccurrences);
  const { message, drawnFurther } = readShape(flow.graph);
  const graphs = [flow.graph, ...(flow.liveGraph === null ? [] : [flow.liveGraph])];
  const sends = graphs.flatMap(({ steps }) =>
    steps.filter(({ type }) => type === messageNode.type).map(({ id }) => id),
  );
  return {
    ...showSummary(row, await namesOfAudiences(scope, [row.audience]), counts),
    audience: row.audience,
    grows_until: instant(row.grows_until),
    pace: row.pace,
    message,
    drawn_further: drawnFurther,
    has_unpublished_changes: flow.changed,
    problems: problems.map(showProblem),
    progress: progressOf(counts, [...new Set(sends)]),
    occurrences: occurrences.map((occurrence) => ({
      at: occurrence.at.toISOString(),
      state: occurrence.state,
      expected: occurrence.expected,
      let_in: occurrence.let_in,
      already_in_flow: occurrence.already_in_flow,
      began_at: instant(occurrence.began_at),
      ended_at: instant(occurrence.ended_at),
    })),
    revision: row.revision,
  };
}

/**
 * A campaign of the workspace, with its flow locked where it is to be changed.
 *
 * @throws ProblemError `not_found`.
 */
export async function requireCampaign(
  scope: Scope,
  id: string,
  options: { readonly lock?: boolean } = {},
): Promise<CampaignRow> {
  const row = await readCampaign(scope, id, options);
  if (row === null) throw new ProblemError('not_found');
  return row;
}
