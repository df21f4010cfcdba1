import { z } from 'zod';
import { type OutgoingAnswer, type OutgoingClient, OutgoingError } from '../http/outgoing.ts';
import { parseJson, retryAfterMs } from './outcomes.ts';
import { postForm } from './posts.ts';
import type { SendOutcome } from './provider.ts';

/** How Telstra gives tokens: https://dev.telstra.com/docs/messaging-api */

/** A token, or why there is none: whatever was to be done with it was not. */
export type Token =
  /** `kept`: it was given out for an earlier request. */
  | { readonly kind: 'token'; readonly value: string; readonly kept: boolean }
  | Extract<SendOutcome, { readonly kind: 'refused' }>;

export type TokenKeeper = {
  /** The token that is kept, or a new one; many who ask at once wait for one request. Never throws. */
  readonly get: (timeoutMs: number) => Promise<Token>;
  /** A token that was not taken is not kept any longer. */
  readonly forget: (value: string) => void;
};

const tokenSchema = z.object({
  access_token: z.string().min(1).max(8_192),
  /** Seconds, as text. */
  expires_in: z.coerce.number().positive(),
});
const errorSchema = z.object({ error: z.string().min(1).max(60) });

/** So long before its end a token is not used any more. */
const marginMs = 60_000;

/** Keeps an OAuth token of an account (RFC 6749, client credentials) for as long as it lasts. */
export function createTokenKeeper(
  http: OutgoingClient,
  url: string,
  credentials: { readonly client_id: string; readonly client_secret: string; readonly scope: string },
): TokenKeeper {
  let kept: { readonly value: string; readonly until: number } | null = null;
  let asked: Promise<Token> | null = null;

  const ask = async (timeoutMs: number): Promise<Token> => {
    const form = new URLSearchParams({ ...credentials, grant_type: 'client_credentials' });
    const startedAt = performance.now();
    try {
      const answer = await http.request(postForm(url, { accept: 'application/json' }, form, timeoutMs));
      if (answer.status !== 200) return refusal(answer);
      const parsed = tokenSchema.safeParse(parseJson(answer.text));
      if (!parsed.success) return none('transient', 'unreadable');
      const { access_token: value, expires_in } = parsed.data;
      const lastsMs = expires_in * 1_000;
      kept = { value, until: startedAt + Math.max(lastsMs - marginMs, lastsMs / 2) };
      return { kind: 'token', value, kept: false };
    } catch (error) {
      return none('transient', error instanceof OutgoingError ? error.code : 'network');
    }
  };

  return {
    async get(timeoutMs) {
      if (kept !== null && performance.now() < kept.until) return { kind: 'token', value: kept.value, kept: true };
      asked ??= ask(timeoutMs).finally(() => {
        asked = null;
      });
      return asked;
    },
    forget(value) {
      if (kept?.value === value) kept = null;
    },
  };
}

function none(errorClass: 'auth' | 'throttled' | 'transient', code: string, after: number | null = null): Token {
  return { kind: 'refused', errorClass, code: `token_${code}`, retryAfterMs: after };
}

function refusal({ status, text, header }: OutgoingAnswer): Token {
  const parsed = errorSchema.safeParse(parseJson(text));
  const code = parsed.success ? parsed.data.error : `http_${status}`;
  if (status === 429) return none('throttled', code, retryAfterMs(header('retry-after')));
  return none(status === 400 || status === 401 || status === 403 ? 'auth' : 'transient', code);
}
