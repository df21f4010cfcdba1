import { z } from 'zod';
import type { Provider } from '../providers/provider.ts';

/** What connects an account at its provider, by field. */
export type Credentials = Readonly<Record<string, string>>;

const sealedSchema = z.record(z.string(), z.string());

/** All fields as one text, to be sealed. */
export function writeCredentials(credentials: Credentials): string {
  return JSON.stringify(credentials);
}

/**
 * Reads what was sealed. Accounts stored before there were several fields hold the one secret as it is.
 *
 * @throws Error where it is neither.
 */
export function readCredentials(provider: Provider, externalId: string, opened: string): Credentials {
  const parsed = opened.startsWith('{') ? sealedSchema.safeParse(JSON.parse(opened)) : null;
  if (parsed?.success === true) return parsed.data;
  const [secret] = provider.account.secrets;
  if (secret === undefined || provider.account.secrets.length > 1)
    throw new Error(`The credentials of an account at ${provider.title} cannot be read.`);
  return { [provider.account.identity]: externalId, [secret]: opened };
}

/** The fields that may be shown. */
export function shownFields(provider: Provider, credentials: Credentials): Record<string, string> {
  return Object.fromEntries(Object.entries(credentials).filter(([name]) => !provider.account.secrets.includes(name)));
}
