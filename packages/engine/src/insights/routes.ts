import { z } from '@hono/zod-openapi';
import type { Scope } from '../db/work.ts';
import { requireFlow } from '../flows/routes-shared.ts';
import type { FlowDeps } from '../flows/services.ts';
import { type GoalRow, listGoals, readGoal } from '../goals/store.ts';
import { flowIdSchema } from '../http/contract.ts';
import { idFrom, searchedId, shown } from '../http/ids.ts';
import { reading } from '../http/reading.ts';
import { route } from '../http/route.ts';
import { answer, failures, newRoutes, readFailures } from '../http/route-parts.ts';
import { costOfFlow } from '../pricing/flow-cost.ts';
import { type FlowReturn, flowReturnSchema, returnQuerySchema } from './contract.ts';
import { type Amount, addUp, returnOf, shareOfFlow } from './flow-return.ts';
import { differenceToHoldout, readHoldout } from './holdout.ts';
import { readTouched } from './touches.ts';

const dayMs = 86_400_000;

const read = route(
  { resource: 'flows', verb: 'read', needs: 'flows.read' },
  {
    method: 'get',
    path: '/flows/{flow_id}/return',
    summary: 'Count what a flow’s messages led to, and what that was worth beside their cost',
    description:
      'A conversion is put down to the messages that somebody followed a link in, or was delivered, within the windows before it; those of other flows as well. The model says how it is divided among them.',
    request: { params: z.object({ flow_id: flowIdSchema }), query: returnQuerySchema },
    responses: { 200: answer(flowReturnSchema, 'The return'), ...failures(...readFailures, 'not_found') },
  },
);

type Query = z.output<typeof returnQuerySchema>;

/** One goal, or all that are not archived. */
async function goalsOf(scope: Scope, shownId: string | undefined): Promise<GoalRow[]> {
  const id = searchedId('goal', shownId);
  if (id === undefined) return (await listGoals(scope)).filter(({ archived_at }) => archived_at === null);
  const goal = await readGoal(scope, id);
  return goal === null ? [] : [goal];
}

const amounts = (all: readonly Amount[]) =>
  all.map(({ currency, microUnits }) => ({ currency, micro_units: String(microUnits) }));

/** What flows bring in. */
export function returnRoutes(deps: FlowDeps) {
  const readReturn = async (
    scope: Scope,
    flowId: string,
    { model, days, goal_id, window_days, delivery_days }: Query,
  ): Promise<FlowReturn> => {
    const now = deps.engine.clock.now();
    const since = new Date(now.getTime() - days * dayMs);
    const goals = (await goalsOf(scope, goal_id)).map((goal) => ({
      ...goal,
      clickDays: window_days ?? goal.window_days,
      deliveryDays: delivery_days ?? goal.delivery_days,
    }));
    const windows = goals.map(({ id, clickDays, deliveryDays }) => ({ goalId: id, clickDays, deliveryDays }));
    const touched = await readTouched(scope, { flowId: flowId, windows, since });
    const shareOf = shareOfFlow(model, touched.rows);
    const shownGoals: FlowReturn['goals'] = [];
    for (const { id, name, currency, clickDays, deliveryDays } of goals) {
      const { conversions, credit, revenue } = shareOf(id);
      const asked = { flowId, goalId: id, days: clickDays, since, now };
      const held = await readHoldout(deps.engine.versions, scope, asked);
      shownGoals.push({
        goal_id: shown('goal', id),
        name,
        window_days: clickDays,
        delivery_days: deliveryDays,
        conversions,
        credit_micro: String(credit),
        currency,
        micro_units: currency === null ? null : String(revenue),
        holdout:
          held === null
            ? null
            : { reached: held.reached, held_out: held.heldOut, difference: differenceToHoldout(held) },
      });
    }
    const revenue = addUp(
      goals.flatMap(({ id, currency }) => {
        const microUnits = shareOf(id).revenue;
        return currency === null || microUnits === 0n ? [] : [{ currency, microUnits }];
      }),
    );
    const { messages, ...spent } = await costOfFlow(scope, flowId, since);
    const cost = spent.microUnits === 0n ? [] : [spent];
    const came = returnOf(revenue, cost);
    return {
      flow_id: shown('flow', flowId),
      model,
      days,
      goals: shownGoals,
      complete: touched.complete,
      revenue: amounts(revenue),
      cost: amounts(cost),
      messages,
      roi: 'roi' in came ? came.roi : null,
      roi_missing: 'missing' in came ? came.missing : null,
    };
  };

  return newRoutes().openapi(read, async (c) => {
    const id = idFrom('flow', c.req.valid('param').flow_id);
    const query = c.req.valid('query');
    const body = await reading(c, deps, async (scope) => {
      await requireFlow(deps, scope, id);
      return readReturn(scope, id, query);
    });
    return c.json(body, 200);
  });
}
