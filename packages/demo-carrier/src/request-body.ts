import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';

/** Reads a request's JSON body by a schema; a 400 that names the fields otherwise. */
export async function readBody<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  let value: unknown;
  try {
    value = await request.json();
  } catch {
    throw new HTTPException(400, { message: 'The body is not JSON.' });
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new HTTPException(400, { message: z.prettifyError(parsed.error) });
  return parsed.data;
}
