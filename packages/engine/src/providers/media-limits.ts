import type { MediaLimits } from '@signalbox/nodes/gate/define-rule';
import { placeOfNumber } from '@signalbox/nodes/gate/number-place';
import { providers } from './catalogue.gen.ts';
import { type MediaOffer, type SenderKind, senderKinds } from './provider.ts';

/** A sender, as it is stored, with what is stored of its account. */
export type MediaSender = {
  readonly provider: string;
  readonly options: Readonly<Record<string, string>>;
  readonly kind: string;
  readonly address: string;
};

const offers: ReadonlyMap<string, MediaOffer> = new Map(
  providers.flatMap(({ type, limits }) => (limits.media === undefined ? [] : [[type, limits.media]])),
);

/** What goes out of files with one message from a sender; null where none do, and at a provider that this build does not have. */
export function mediaLimitsOf({ provider, ...sender }: MediaSender): MediaLimits | null {
  const offer = offers.get(provider);
  return offer === undefined ? null : limitsBy(offer, sender);
}

/** The same by what a provider offers. */
export function limitsBy(offer: MediaOffer, sender: Omit<MediaSender, 'provider'>): MediaLimits | null {
  const { files, types, countries, options = {} } = offer;
  if (Object.entries(options).some(([name, value]) => sender.options[name] !== value)) return null;
  const bytes = bytesFrom(offer, sender.kind);
  if (bytes === 0 || (countries !== undefined && !isOf(countries, sender))) return null;
  return { files, bytes, types, countries: countries ?? null };
}

const isKind = (kind: string): kind is SenderKind => senderKinds.some((known) => known === kind);

function bytesFrom({ bytes, bytesFrom: fewer = {} }: MediaOffer, kind: string): number {
  return isKind(kind) ? (fewer[kind] ?? bytes) : bytes;
}

/** A short code does not say where it is from. */
function isOf(countries: readonly string[], { kind, address }: Pick<MediaSender, 'kind' | 'address'>): boolean {
  if (kind === 'short_code') return true;
  const { country } = placeOfNumber(address);
  return country !== null && countries.includes(country);
}
