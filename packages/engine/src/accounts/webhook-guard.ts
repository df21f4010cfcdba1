import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { basicAuthorization, sameText } from '../providers/outcomes.ts';

/** What an account's webhooks must bring besides an address that nobody can guess, where its provider signs nothing. */
export type WebhookGuard = {
  /** The Authorization header of HTTP Basic; null where none is asked for. */
  readonly authorization: string | null;
  /** Networks that the provider calls from, as `203.0.113.0/24`; empty where it may call from anywhere. */
  readonly networks: readonly string[];
};

/** What is entered at the provider for its requests to log in with. */
export const webhookLoginSchema = z.strictObject({
  user: z
    .string()
    .min(1)
    .max(100)
    .regex(/^[^:\s]+$/),
  password: z.string().min(8).max(200),
});
export type WebhookLogin = z.infer<typeof webhookLoginSchema>;

/** What a login is sealed for, so that it is no other secret of its account. */
export const loginPlace = (accountId: string): string => `${accountId}/webhook_login`;

/** Reads what was sealed. @throws ZodError for what is none. */
export function guardOf(login: string | null, networks: readonly string[]): WebhookGuard {
  if (login === null) return { authorization: null, networks };
  const { user, password } = webhookLoginSchema.parse(JSON.parse(login));
  return { authorization: basicAuthorization(user, password), networks };
}

/** A network as PostgreSQL writes it, `203.0.113.7/32` for a single address; null for what is none. */
export function readNetwork(text: string): string | null {
  const [address = '', bits, ...rest] = text.trim().toLowerCase().split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return null;
  const most = family === 4 ? 32 : 128;
  const length = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
  return length < 0 || length > most ? null : `${address}/${length}`;
}

/** Whether an address lies in one of the networks. IPv4 written as IPv6 is IPv4. */
export function isWithin(address: string, networks: readonly string[]): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  const family = isIP(plain);
  if (family === 0) return false;
  const list = new BlockList();
  for (const network of networks) {
    const [base = '', bits = ''] = network.split('/');
    const kind = isIP(base);
    if (kind !== 0) list.addSubnet(base, Number(bits), kind === 4 ? 'ipv4' : 'ipv6');
  }
  return list.check(plain, family === 4 ? 'ipv4' : 'ipv6');
}

/** Whether a request brings what is asked for. `address` is whoever made it. */
export function passesGuard(
  { authorization, networks }: WebhookGuard,
  request: { readonly authorization: string | undefined; readonly address: string },
): boolean {
  if (authorization !== null && !sameText(request.authorization ?? '', authorization)) return false;
  return networks.length === 0 || isWithin(request.address, networks);
}

/** Whether anything but the address itself speaks for a request that passes. */
export const provesMore = ({ authorization, networks }: WebhookGuard): boolean =>
  authorization !== null || networks.length > 0;
