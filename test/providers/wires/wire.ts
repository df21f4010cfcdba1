import type { ConnectedAs, ErrorClass, WebhookRequest } from '@signalbox/engine/providers/provider';

/** One provider's fake, over HTTP and in its own wire format: what the conformance table needs of each. */
export type Wire = {
  readonly account: ConnectedAs<Readonly<Record<string, string>>>;
  readonly from: string;
  readonly to: string;
  /** The next send is refused with each of these classes in turn, when asked. */
  readonly refusals: ReadonlyArray<{ readonly errorClass: ErrorClass; readonly arrange: () => void }>;
  /** Ways in which the next send leaves nobody knowing. */
  readonly doubts: ReadonlyArray<{ readonly name: string; readonly arrange: () => void }>;
  /** Everything the fake accepted, by the ids it gave. */
  readonly accepted: () => readonly string[];
  /** A request that the provider signs, and what it has to be read as. */
  readonly signed: ReadonlyArray<{ readonly request: WebhookRequest; readonly kind: 'text' | 'receipt' }>;
  readonly close: () => Promise<void>;
};
