import type { Reason } from '@signalbox/nodes/define/decision';
import { noRuns, type RunRef } from '../cohorts/run-ref.ts';
import type { InboundSms } from '../providers/provider.ts';

/** An authentic text from a person, as a provider's webhook told it. */
export type InboundText = {
  readonly accountId: string;
  /** Null where the provider has none. */
  readonly providerId: string | null;
  /** The person's number in its stored form; a short code or a name where nobody can be texted back. */
  readonly from: string;
  /** Our sender that was texted. */
  readonly to: string;
  readonly body: string;
  /** Pictures and other files that came with it. */
  readonly media: InboundSms['media'];
  /** What the provider itself does about it, where it handles opt-outs for the account. */
  readonly carrierWord: InboundSms['carrierWord'];
  /** Which part of a long text it is; null for a whole one. */
  readonly part: NonNullable<InboundSms['part']> | null;
  /** Whether it is proven to be its provider's; else nothing speaks for it but that it came to an address that nobody can guess. */
  readonly trusted: boolean;
};

/** A stored text on its way to whoever acts on it. */
export type RoutedText = InboundText & { readonly id: string; readonly contactId: string };

export type Routed = {
  readonly handledBy: 'compliance' | 'reply' | 'keyword' | 'auto_response' | 'unhandled';
  readonly consumedBy: string | null;
  /** Shown with the text: why it started nothing, or which answer it got. */
  readonly reason?: Reason | null;
  /** A person should look at it although it was acted on. */
  readonly review: boolean;
  readonly queued: boolean;
  readonly flowIds: readonly string[];
  readonly runs: readonly RunRef[];
  readonly wake: readonly string[];
};

/** What nobody waited for. */
export const toTheInbox: Routed = {
  handledBy: 'unhandled',
  consumedBy: null,
  review: false,
  queued: false,
  flowIds: [],
  runs: noRuns,
  wake: [],
};

/** A text's reason as it is stored. */
export function reasonOf({ reason = null }: Routed): string | null {
  return reason === null ? null : JSON.stringify(reason);
}
