import { z } from 'zod';
import type { OutgoingAnswer, OutgoingClient } from '../http/outgoing.ts';
import { documentOf } from './outcomes.ts';
import type { Account } from './telstra-account.ts';
import type { TokenKeeper } from './telstra-token.ts';

/** How Telstra is asked: https://dev.telstra.com/docs/messaging-api */

/** An account with what it asks by. */
export type Caller = { readonly account: Account; readonly http: OutgoingClient; readonly tokens: TokenKeeper };

const pageSchema = z.looseObject({ paging: z.object({ nextPage: z.string().nullish() }).nullish() });
const rowsSchema = z.array(z.unknown());

/** A request as Telstra wants every one of them. @throws OutgoingError for whatever the network does. */
export async function request(
  { account, http, tokens }: Caller,
  token: string,
  [method, path, body]: readonly [method: 'GET' | 'POST', path: string, body?: unknown],
  timeoutMs: number,
): Promise<OutgoingAnswer> {
  const answer = await http.request({
    method,
    url: `${account.baseUrl}/messaging/v3${path}`,
    headers: {
      authorization: `Bearer ${token}`,
      'telstra-api-version': '3.x',
      'content-language': 'en-au',
      accept: 'application/json',
      'accept-charset': 'utf-8',
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    timeoutMs,
  });
  if (answer.status === 401) tokens.forget(token);
  return answer;
}

/** @throws Error where there is no token, or the network does something. */
export async function get(caller: Caller, path: string, timeoutMs: number): Promise<OutgoingAnswer> {
  const token = await caller.tokens.get(timeoutMs);
  if (token.kind === 'refused') throw new Error(`Telstra gave no token: ${token.code}.`);
  return request(caller, token.value, ['GET', path], timeoutMs);
}

const pageSize = 50;
const mostPages = 200;

/**
 * The rows of a list, page by page. Whether an offset counts pages or rows no page says: it is the one that the next page is named by, else
 * the one that follows, and no row is told twice. @throws Error where it cannot be read.
 */
export async function* listed(caller: Caller, path: string, name: string, query: object, timeoutMs: number) {
  const seen = new Set<string>();
  let offset = 0;
  for (let page = 0; page < mostPages; page += 1) {
    const asked = new URLSearchParams({ ...query, limit: String(pageSize), offset: String(offset) });
    const answer = await get(caller, `${path}?${asked}`, timeoutMs);
    const { paging, [name]: list = [] } = documentOf(answer, pageSchema, `Telstra's list ${path}`);
    const rows = rowsSchema.parse(list);
    const fresh = rows.filter((row) => !seen.has(JSON.stringify(row)));
    for (const row of fresh) seen.add(JSON.stringify(row));
    yield* fresh;
    if (rows.length < pageSize || fresh.length === 0) return;
    const next = Number(/[?&]offset=(\d+)/.exec(paging?.nextPage ?? '')?.[1] ?? 0);
    offset = next > offset ? next : offset + 1;
  }
}
