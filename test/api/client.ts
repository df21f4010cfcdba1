import { createToken, type TokenScope } from '@signalbox/engine/access/tokens';
import { type Harness, type HarnessOptions, startHarness } from '../support/harness.ts';

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly type: string;
  readonly body: unknown;
};

export type CallOptions = {
  readonly body?: unknown;
  readonly text?: { readonly type: string; readonly text: string };
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: string | null;
};

/** A harness with the whole API, and tokens to call it with. */
export type ApiHarness = Harness & {
  readonly full: string;
  readonly read: string;
  readonly token: (scope: TokenScope, kind?: 'bearer' | 'session' | 'sign_in', lifeMs?: number) => Promise<string>;
  readonly call: (method: string, path: string, options?: CallOptions) => Promise<Answer>;
};

/** Starts one. Workers run only where asked for. */
export async function startApiHarness(options: HarnessOptions = {}): Promise<ApiHarness> {
  const harness = await startHarness({ api: 'plain', work: false, ...options });
  const token: ApiHarness['token'] = async (scope, kind = 'bearer', lifeMs = 3_600_000) => {
    const made = await harness.inTx((tx) =>
      createToken({ tx, workspaceId: harness.workspaceId }, { kind, scope, now: harness.engine.clock.now(), lifeMs }),
    );
    return made.token;
  };
  const full = await token('full');
  const read = await token('read');
  const call: ApiHarness['call'] = async (method, path, request = {}) => {
    const credentials = request.token === null ? {} : { authorization: `Bearer ${request.token ?? full}` };
    const content =
      request.text ??
      (request.body === undefined ? null : { type: 'application/json', text: JSON.stringify(request.body) });
    const response = await fetch(`${harness.url}${path}`, {
      method,
      redirect: 'manual',
      headers: { ...credentials, ...(content === null ? {} : { 'content-type': content.type }), ...request.headers },
      ...(content === null ? {} : { body: content.text }),
    });
    const type = (response.headers.get('content-type') ?? '').split(';')[0] ?? '';
    if (type === 'text/event-stream') {
      await response.body?.cancel();
      return { status: response.status, headers: response.headers, type, body: null };
    }
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      type,
      body: type.endsWith('json') ? JSON.parse(text) : text,
    };
  };
  return { ...harness, full, read, token, call };
}
