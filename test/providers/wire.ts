import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type {
  Balance,
  ConnectedAs,
  ErrorClass,
  LookupQuery,
  Money,
  OptedOut,
  ProviderEvent,
  WebhookRequest,
} from '@signalbox/engine/providers/provider';

type NonEmpty<T> = readonly [T, ...T[]];

/** What the fake took: under which ids, with which text, and with our reference where it has a field for one. */
export type Taken = { readonly ids: NonEmpty<string>; readonly body: string; readonly reference: string | null };

/** A request as the provider sends it to one of the account's addresses. */
export type SignedWebhook = {
  readonly name: string;
  readonly request: WebhookRequest;
  /** Everything that it tells, in its order. */
  readonly events: readonly ProviderEvent[];
  /** The same in forms that the provider never signed, each of which must be refused; null where the provider signs nothing. */
  readonly spoilt: {
    /** Without the signature. */
    readonly unsigned: NonEmpty<WebhookRequest>;
    /** Signed with another secret. */
    readonly foreign: NonEmpty<WebhookRequest>;
    /** With the signature of the request, and a change in each part that it covers. */
    readonly changed: NonEmpty<WebhookRequest>;
    /** The request as it was signed, where that says when, and come too late. */
    readonly stale?: NonEmpty<WebhookRequest>;
  } | null;
};

/** A request of a provider that signs nothing. */
export function unsignedWebhook(
  name: string,
  request: WebhookRequest,
  ...events: readonly ProviderEvent[]
): SignedWebhook {
  return { name, request, events, spoilt: null };
}

/** One look at the provider's list, for a text that the fake has just taken. */
export type LookupCase = {
  readonly name: string;
  /** Makes the list what it is, after the text was taken. */
  readonly arrange?: (query: LookupQuery) => void;
  readonly answer: 'found' | 'cannot_tell';
};

/** One provider's fake, over HTTP and in its own wire format: what the conformance table needs of each. */
export type Wire = {
  readonly account: ConnectedAs<Readonly<Record<string, string>>>;
  /** Credentials that the fake knows nothing of. */
  readonly stranger: Readonly<Record<string, string>>;
  /** What is left in the account before anything was sent; null where the provider tells nothing. */
  readonly balance: Balance | null;
  readonly from: string;
  readonly to: string;
  /** The next send is refused with each of these classes in turn, when asked. */
  readonly refusals: NonEmpty<{ readonly errorClass: ErrorClass; readonly arrange: () => void }>;
  /** Ways in which the next send leaves nobody knowing: silence, an answer that breaks off, an error of the provider. */
  readonly doubts: NonEmpty<{ readonly name: string; readonly arrange: () => void }>;
  /** Everything the fake took, in its order. */
  readonly taken: () => readonly Taken[];
  /** The pictures that it took, by their hashes in hexadecimal; where the provider sends them. */
  readonly pictures?: () => ReadonlyArray<string | null>;
  /** Texts and receipts as the provider sends them, by every method that it uses. */
  readonly webhooks: NonEmpty<SignedWebhook>;
  /** Requests that the provider might send and nobody understands. */
  readonly unreadable: NonEmpty<WebhookRequest>;
  /** Where the connection has `lookup`. */
  readonly lookup?: NonEmpty<LookupCase>;
  /** Where the connection has `optOuts`: everything on the fake's list, of two moments at least. */
  readonly optOuts?: readonly OptedOut[];
  /** Where the connection has `price`: what it says of which number. */
  readonly price?: NonEmpty<{ readonly to: string; readonly price: Money | null }>;
  /** Where the connection has `costOf`: what it says of a text that the fake took and delivered. */
  readonly costOf?: () => Promise<{ readonly providerId: string; readonly cost: Money }>;
  /** Where the connection has `confirm`: what it says of messages that a hint names. */
  readonly confirm?: NonEmpty<{ readonly providerId: string; readonly events: readonly ProviderEvent[] }>;
  /** Where the connection has `poll`: what the fake tells of once the time was asked for, and has not told before. */
  readonly poll?: () => Promise<{ readonly since: Date; readonly events: readonly ProviderEvent[] }>;
  readonly close: () => Promise<void>;
};

/** What each file of `wires` exports as `wire`. */
export type StartWire = () => Promise<Wire>;

const isStart = (value: unknown): value is StartWire => typeof value === 'function';

/** Every wire of a folder, by its provider's type, which is its file's name. @throws Error for a file that exports none. */
export async function loadWires(folder: string): Promise<ReadonlyMap<string, StartWire>> {
  const wires = new Map<string, StartWire>();
  for (const file of readdirSync(folder).sort()) {
    const module: { readonly wire?: unknown } = await import(pathToFileURL(join(folder, file)).href);
    if (!isStart(module.wire)) throw new Error(`${file} exports no wire`);
    wires.set(basename(file, '.ts'), module.wire);
  }
  return wires;
}
