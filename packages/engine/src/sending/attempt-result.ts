import type { SendOutcome } from '../providers/provider.ts';

/** What a POST came to, with the attempt it belongs to. */
export type AttemptResult = {
  readonly attemptId: string;
  readonly messageId: string;
  readonly accountId: string;
  readonly sender: string;
  readonly number: string;
  readonly flowId: string | null;
  readonly country: string | null;
  readonly outcome: SendOutcome;
  /** Tries so far decide the back-off of the next. */
  readonly retry: { readonly notBefore: Date } | null;
  /** For an ambiguous outcome: when it is first looked up. */
  readonly lookupAt: Date;
};
