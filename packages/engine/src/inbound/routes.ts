import { receiveEvent } from '../cohorts/api-events.ts';
import { effect } from '../http/effect.ts';
import type { RouteDeps } from '../http/env.ts';
import { readShown, shown } from '../http/ids.ts';
import { fieldProblem } from '../http/problems.ts';
import { route } from '../http/route.ts';
import {
  answer,
  bodyFailures,
  failures,
  idempotencyHeaders,
  jsonBody,
  keyFailures,
  newRoutes,
} from '../http/route-parts.ts';
import { fieldTexts } from '../http/texts.ts';
import { eventAcceptedSchema, postEventSchema } from './contract.ts';
import type { CommitEngine } from './webhook-commits.ts';

const postEvent = route(
  {
    resource: 'events',
    verb: 'report',
    needs: 'events.write',
    audit: { action: 'event.reported', words: 'Reported something that a contact did' },
  },
  {
    method: 'post',
    path: '/events',
    summary: 'Report something that a contact did',
    description: 'Everyone waiting for it moves on; live flows that it triggers let the contact in.',
    request: { headers: idempotencyHeaders, body: jsonBody(postEventSchema) },
    responses: {
      202: answer(eventAcceptedSchema, 'Stored and acted on'),
      ...failures(...bodyFailures, ...keyFailures),
    },
  },
);

/** What people did elsewhere, as the API is told. */
export function eventRoutes(deps: RouteDeps<Pick<CommitEngine, 'arrivalDeps' | 'onArrived'>>) {
  const { engine } = deps;
  const { ids } = engine;

  return newRoutes().openapi(postEvent, async (c) => {
    const { workspaceId } = c.var.actor;
    const { type, contact_id, data, occurred_at } = c.req.valid('json');
    const contactId = readShown('contact', contact_id);
    const unknown = () => fieldProblem(['contact_id'], 'contact_unknown', fieldTexts.contact_unknown);
    if (contactId === null) throw unknown();
    const done = await effect(c, deps, postEvent, eventAcceptedSchema, async (work) => {
      const { now } = work;
      const id = ids.uuid();
      const occurredAt = occurred_at === undefined ? now : new Date(occurred_at);
      const event = { id, type, contactId, data, occurredAt, cause: 'api' } as const;
      const received = await receiveEvent(engine.arrivalDeps, work, event);
      if (received === null) throw unknown();
      const { enrolled, moved, runs, wake } = received;
      await engine.failPoints.reach('event.before_commit');
      const body = { id: shown('event', id), enrolled, moved };
      return {
        body,
        subject: body.id,
        detail: { contact_id },
        after: async () => {
          await engine.failPoints.reach('event.after_commit');
          engine.onArrived(workspaceId, { runs, wake });
        },
      };
    });
    return c.json(done.body, 202, done.headers);
  });
}
