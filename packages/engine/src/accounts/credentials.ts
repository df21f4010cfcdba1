import { createHash } from 'node:crypto';
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
  const { identity, secrets } = provider.account;
  const [secret] = secrets;
  if (identity === null || secret === undefined || secrets.length > 1)
    throw new Error(`The credentials of an account at ${provider.title} cannot be read.`);
  return { [identity]: externalId, [secret]: opened };
}

/** How the provider names an account; where it has no name for one, what tells its secrets from others and gives nothing of them away. */
export function externalIdOf(
  { account: { identity, secrets } }: Pick<Provider, 'account'>,
  credentials: Credentials,
): string {
  if (identity !== null) return credentials[identity] ?? '';
  const said = secrets.map((name) => credentials[name] ?? '').join('\n');
  return createHash('sha256').update(said).digest('hex').slice(0, 12);
}

/** The provider's own fields among those of a request that fits its schema. @throws ZodError where it does not. */
export function givenCredentials(provider: Provider, input: Readonly<Record<string, unknown>>): Credentials {
  const given = provider.account.fields.parse(
    Object.fromEntries(Object.keys(provider.account.fields.shape).map((name) => [name, input[name]])),
  );
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));
}

/** What is stored readable of an account's fields: by which of its provider's ways it goes. */
export function optionsOf(
  { account: { options = [] } }: Pick<Provider, 'account'>,
  credentials: Credentials,
): Credentials {
  return Object.fromEntries(options.map((name) => [name, credentials[name] ?? '']));
}

/** The fields that may be shown. */
export function shownFields(provider: Provider, credentials: Credentials): Record<string, string> {
  return Object.fromEntries(Object.entries(credentials).filter(([name]) => !provider.account.secrets.includes(name)));
}
