import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { Logger } from 'pino';
import { sqlState } from '../db/database.ts';
import type { ApiEnv } from './env.ts';
import { type ProblemCode, type ProblemDetails, ProblemError, problemBody, problemTable } from './problems.ts';

const networkCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

/** PostgreSQL is away, shutting down, or has no connection left. */
function isDatabaseAway(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== null) return state.startsWith('08') || state.startsWith('57P') || state === '53300';
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string' && networkCodes.has(error.code)) return true;
  return /^(Connection terminated|timeout exceeded when trying to connect)/.test(error.message);
}

function problemOf(error: unknown): { readonly code: ProblemCode; readonly details: ProblemDetails } {
  if (error instanceof ProblemError) return error;
  if (error instanceof HTTPException && error.status === 400) return new ProblemError('malformed_json');
  if (error instanceof HTTPException && error.status === 415) return new ProblemError('content_type');
  return new ProblemError(isDatabaseAway(error) ? 'unavailable' : 'internal');
}

/** The answer to anything thrown. What nobody foresaw is logged with its stack and told without it. */
export function answerProblem(error: unknown, c: Context<ApiEnv>, log: Logger): Response {
  const { code, details } = problemOf(error);
  const { status } = problemTable[code];
  const requestId = c.var.requestId ?? '';
  if (status >= 500) (c.var.log ?? log).error({ err: error }, 'a request failed');
  const headers: Record<string, string> = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' };
  if (status === 401) headers['www-authenticate'] = 'Bearer realm="signalbox"';
  return c.body(JSON.stringify(problemBody(code, requestId, details)), status, headers);
}
