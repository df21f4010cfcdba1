import type { HonoRequest } from 'hono';

/**
 * The names of the fields in a request's JSON body; none where it has no such body.
 *
 * @throws SyntaxError where the body is not JSON.
 */
export async function sentFields(request: HonoRequest): Promise<string[]> {
  if (request.raw.body === null || !/^application\/json/i.test(request.header('content-type') ?? '')) return [];
  const body: unknown = await request.json();
  return typeof body === 'object' && body !== null ? Object.keys(body) : [];
}
