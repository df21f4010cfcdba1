import type { Problem } from '@signalbox/engine/http/contract';
import { t } from './translate.ts';

/** One page of a list, as every list of the API answers. */
export type Page<T> = { readonly data: readonly T[]; readonly next_cursor: string | null };

/** A refused or failed call. `problem.code` is `network` where no answer came. */
export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.title);
    this.name = 'ApiError';
    this.problem = problem;
  }
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
type RequestOptions = {
  readonly body?: unknown;
  /** A body that is sent as it stands. */
  readonly raw?: { readonly body: BodyInit; readonly type: string };
  readonly revision?: number | string;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
  /** Lets the call outlive the page. */
  readonly keepalive?: boolean;
};

type SignedOut = () => void;
let onSignedOut: SignedOut = () => {};

/** Sets what happens when the session has ended. */
export function whenSignedOut(listener: SignedOut): void {
  onSignedOut = listener;
}

function problemOf(status: number, code: string, title: string, detail: string, action: string): Problem {
  return { type: 'about:blank', title, status, code, detail, action, request_id: '' };
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'title' in value;
}

async function readProblem(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  if (isProblem(body)) return body;
  return problemOf(
    response.status,
    'unexpected',
    t('error.unexpected'),
    t('error.unexpected.detail'),
    t('error.retry'),
  );
}

/** Calls the API and returns the parsed body; `T` is one of the contract's types.
 *
 * @throws ApiError for every answer that is not 2xx, and where no answer came.
 */
export async function request<T>(method: Method, path: string, options: RequestOptions = {}): Promise<T> {
  const headers = new Headers({ accept: 'application/json' });
  if (method !== 'GET') headers.set('x-signalbox', '1');
  if (options.body !== undefined) headers.set('content-type', 'application/json');
  if (options.raw !== undefined) headers.set('content-type', options.raw.type);
  if (options.revision !== undefined) headers.set('if-match', `"${options.revision}"`);
  if (options.idempotencyKey !== undefined) headers.set('idempotency-key', options.idempotencyKey);
  const init: RequestInit = { method, headers, credentials: 'same-origin' };
  if (options.body !== undefined) init.body = JSON.stringify(options.body);
  if (options.raw !== undefined) init.body = options.raw.body;
  if (options.signal !== undefined) init.signal = options.signal;
  if (options.keepalive === true) init.keepalive = true;
  const response = await fetch(path.startsWith('/demo/phone') ? path : `/api/v1${path}`, init).catch(
    (cause: unknown) => {
      if (options.signal?.aborted === true) throw cause;
      throw new ApiError(problemOf(0, 'network', t('error.network'), t('error.network.detail'), t('error.retry')));
    },
  );
  if (response.status === 401 && path !== '/session') onSignedOut();
  if (!response.ok) throw new ApiError(await readProblem(response));
  const body: T = response.status === 204 ? undefined : await response.json();
  return body;
}

/** Builds `?a=1&b=2` from the values that are set. */
export function query(values: Readonly<Record<string, string | number | boolean | null | undefined>>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== null && value !== '') params.set(name, String(value));
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** Why it happened and what to do about it: what follows a problem's title. */
export function problemAdvice({ title, detail, action }: Problem): string {
  return [detail ?? '', action].filter((text) => text !== '' && text !== title).join(' ');
}

/** A problem in one line: what happened, why, and what to do. */
export function problemLine(problem: Problem): string {
  return `${problem.title.replace(/[.!?]$/, '')}. ${problemAdvice(problem)}`.trim();
}

/** The problem behind any thrown value, for showing. */
export function problemFrom(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem;
  return problemOf(
    0,
    'unexpected',
    t('error.unexpected'),
    error instanceof Error ? error.message : '',
    t('error.retry'),
  );
}
