import type { SenderKind } from '@signalbox/engine/providers/provider';

/** The kind that an address is of, as far as its form tells; the first that the provider offers where it does not. */
export function kindOfAddress(address: string, offered: readonly string[]): string {
  const text = address.trim();
  const likely: SenderKind = /[a-z]/i.test(text)
    ? 'alphanumeric'
    : /^\d{3,8}$/.test(text)
      ? 'short_code'
      : /^\+?1[ (-]*8(?:00|33|44|55|66|77|88)\D*\d/.test(text)
        ? 'toll_free'
        : 'long_code';
  return offered.includes(likely) ? likely : (offered[0] ?? 'long_code');
}
