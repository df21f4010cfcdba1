import { createHash } from 'node:crypto';
import { purposes as knownPurposes } from '@signalbox/nodes/define/ports';
import type { Scope, Work } from '../db/work.ts';
import { readShown, shown } from '../http/ids.ts';
import { ProblemError, type ProblemErrorEntry } from '../http/problems.ts';
import { type FieldCode, fieldTexts } from '../http/texts.ts';
import type { Ids } from '../runtime/ids.ts';
import type { RoutesDocument, SetRoutes } from './contract.ts';

/** The workspace's routes in their order, as the API shows them. */
export async function readRoutes({ tx, workspaceId }: Scope): Promise<RoutesDocument> {
  const routes = await tx
    .selectFrom('sender_routes')
    .select(['id', 'name', 'countries', 'purposes', 'mode'])
    .where('workspace_id', '=', workspaceId)
    .orderBy('position')
    .execute();
  const members = await tx
    .selectFrom('sender_route_members')
    .select(['route_id', 'sender_id', 'weight'])
    .where('workspace_id', '=', workspaceId)
    .orderBy('position')
    .execute();
  const byRoute = Map.groupBy(members, (member) => member.route_id);
  const data = routes.map(({ id, purposes, ...route }) => ({
    id: shown('route', id),
    ...route,
    purposes: purposes.flatMap((purpose) => knownPurposes.filter((known) => known === purpose)),
    senders: (byRoute.get(id) ?? []).map(({ sender_id, weight }) => ({
      sender_id: shown('sender', sender_id),
      weight,
    })),
  }));
  const revision = createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 16);
  return { data, next_cursor: null, revision };
}

/**
 * Puts these routes in the place of those that there are. Routes keep their ids, which messages name.
 *
 * @throws ProblemError `validation_failed` at every id and sender that is none of the workspace's, and at a sender that a route has twice.
 */
export async function writeRoutes(deps: { readonly ids: Ids }, work: Work, { routes }: SetRoutes): Promise<void> {
  const { tx, workspaceId } = work;
  const known = await tx.selectFrom('sender_routes').select('id').where('workspace_id', '=', workspaceId).execute();
  const senders = await tx.selectFrom('senders').select('id').where('workspace_id', '=', workspaceId).execute();
  const [routeIds, senderIds] = [new Set(known.map(({ id }) => id)), new Set(senders.map(({ id }) => id))];
  const errors: ProblemErrorEntry[] = [];
  const at = (path: ReadonlyArray<string | number>, code: FieldCode) => {
    errors.push({ path: ['routes', ...path], code, message: fieldTexts[code] });
  };
  const rows = routes.map(({ id, senders: members, ...route }, position) => {
    const given = id === undefined ? deps.ids.uuid() : readShown('route', id);
    if (given === null || (id !== undefined && !routeIds.delete(given))) at([position, 'id'], 'route_unknown');
    const seen = new Set<string>();
    const read = members.map(({ sender_id, weight }, place) => {
      const senderId = readShown('sender', sender_id) ?? '';
      if (!senderIds.has(senderId)) at([position, 'senders', place, 'sender_id'], 'sender_unknown');
      else if (seen.has(senderId)) at([position, 'senders', place, 'sender_id'], 'sender_twice');
      seen.add(senderId);
      return { sender_id: senderId, weight, position: place };
    });
    return { ...route, id: given ?? '', position, members: read };
  });
  if (errors.length > 0) throw new ProblemError('validation_failed', { errors });
  await tx.deleteFrom('sender_routes').where('workspace_id', '=', workspaceId).execute();
  if (rows.length === 0) return;
  await tx
    .insertInto('sender_routes')
    .values(rows.map(({ members: _members, ...row }) => ({ ...row, workspace_id: workspaceId })))
    .execute();
  await tx
    .insertInto('sender_route_members')
    .values(
      rows.flatMap(({ id, members }) =>
        members.map((member) => ({ ...member, workspace_id: workspaceId, route_id: id })),
      ),
    )
    .execute();
}
