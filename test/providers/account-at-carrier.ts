import { randomBytes } from 'node:crypto';
import { parseAccount } from '@signalbox/demo-carrier/account-book';
import type { Account } from '@signalbox/demo-carrier/accounts';
import { dialects } from '@signalbox/demo-carrier/dialects/catalogue.gen';
import type { Callback, Happening, RefusalReason, Tools } from '@signalbox/demo-carrier/dialects/define-dialect';
import type { LedgerMessage } from '@signalbox/demo-carrier/ledger';
import { writeCredentials } from '@signalbox/engine/accounts/credentials';
import { createSecretBox } from '@signalbox/engine/accounts/secret-box';
import { inWorkspace } from '@signalbox/engine/db/database';
import type { Provider } from '@signalbox/engine/providers/provider';
import { z } from 'zod';
import type { ApiHarness } from '../api/client.ts';
import { secretsKey } from '../support/secrets-key.ts';

/** An account at a provider, added over the API of a demo: the carrier knows it as its provider would. */
export type AtCarrier = {
  readonly id: string;
  readonly webhookUrl: string;
  readonly statusUrl: string;
  /** What somebody texts from a phone, as the provider would post it to `url`; by `of` in the place of the account. */
  readonly texts: (message: LedgerMessage, how?: Crafted) => readonly Callback[];
  /** What the provider would tell of a message, which the carrier's own list shows from then on. */
  readonly receipts: (
    message: LedgerMessage,
    status: Happening['status'],
    reason?: RefusalReason,
  ) => readonly Callback[];
};

/** Where to, by whose secrets, and how long ago. */
type Crafted = { readonly url?: string; readonly foreign?: boolean; readonly agoMs?: number };

const madeSchema = z.object({ external_id: z.string(), webhook_url: z.string(), status_url: z.string() });

/** The database's id of an account, out of an address of its webhooks. */
const idIn = (url: string): string => new URL(url).pathname.split('/')[3] ?? '';

/** Adds one, as anybody does who connects a provider. */
export async function addAtCarrier(
  harness: ApiHarness,
  provider: Provider,
  options: { readonly address: string; readonly baseUrl: string; readonly fields: Readonly<Record<string, string>> },
): Promise<AtCarrier> {
  const { type, account, title } = provider;
  const fields = { ...account.example, ...options.fields };
  const senders = [{ address: options.address, kind: 'long_code' }];
  const body = {
    provider: type,
    name: title,
    base_url: options.baseUrl,
    ...fields,
    senders,
    opt_out_handling: 'signalbox',
  };
  const answer = await harness.call('POST', '/api/v1/accounts', { body });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  const { external_id: sid, webhook_url: webhookUrl, status_url: statusUrl } = madeSchema.parse(answer.body);
  const dialect = dialects.find(({ name }) => name === type);
  if (dialect === undefined) throw new Error(`The carrier does not speak ${type}.`);
  const known = provider.demo?.known(fields) ?? {};
  const others = Object.entries(known).map(([name, value]) => [
    name,
    account.secrets.includes(name) ? `${value}-of-another` : value,
  ]);
  const asCarrier = (credentials: Readonly<Record<string, string>>): Account =>
    parseAccount({ dialect: type, sid, credentials: { ...credentials }, numbers: [{ number: options.address }] });
  const [ours, foreign] = [asCarrier(known), asCarrier(Object.fromEntries(others))];
  const tools = (agoMs: number): Tools => ({
    ledger: harness.carrier.ledger,
    now: () => Date.now() - agoMs,
    token: () => randomBytes(16).toString('hex'),
    balance: () => 0,
    keep: () => '',
  });
  return {
    id: idIn(webhookUrl),
    webhookUrl,
    statusUrl,
    texts: (message, how = {}) => {
      const by = how.foreign === true ? foreign : ours;
      const number = { number: options.address, smsUrl: null, statusCallback: null, account: by };
      return dialect.texts(message, { url: how.url ?? webhookUrl, number, optOutType: null }, tools(how.agoMs ?? 0));
    },
    receipts: (message, status, reason) => {
      const failed = status === 'undelivered' || status === 'failed';
      const code = failed ? dialect.failureCode(status, reason ?? null) : null;
      harness.carrier.ledger.setStatus(message.sid, status, code, Date.now());
      const happening = { status, reason: reason ?? null, code, unheardOf: false, at: Date.now() };
      const url = message.statusCallback ?? statusUrl;
      return dialect.receipts(message, happening, { url, account: ours }, tools(0));
    },
  };
}

/** Makes requests of the carrier one after another; what each is answered with. */
export async function deliver(callbacks: readonly Callback[]): Promise<number[]> {
  const statuses: number[] = [];
  for (const { method, url, headers, body } of callbacks) {
    const answer = await fetch(url, { method, headers, ...(method === 'POST' ? { body } : {}) });
    await answer.arrayBuffer();
    statuses.push(answer.status);
  }
  return statuses;
}

/** Another workspace with an account of its own at the same provider. Resolves to the address of its texts, with the key of `like`. */
export async function addElsewhere(harness: ApiHarness, provider: Provider, like: AtCarrier): Promise<string> {
  const { ids, clock } = harness.engine;
  const [workspaceId, id] = [ids.uuid(), ids.uuid()];
  const { example, secrets } = provider.account;
  const fields = provider.account.fields.parse(
    Object.fromEntries(
      Object.entries(example).map(([name, value]) => [name, secrets.includes(name) ? `${value}-elsewhere` : value]),
    ),
  );
  const credentials = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));
  await inWorkspace(harness.db, workspaceId, async (tx) => {
    const now = clock.now();
    await tx.insertInto('workspaces').values({ workspace_id: workspaceId, name: 'Theirs', created_at: now }).execute();
    await tx
      .insertInto('accounts')
      .values({
        workspace_id: workspaceId,
        id,
        provider: provider.type,
        name: 'Theirs',
        external_id: 'theirs',
        base_url: provider.baseUrl,
        secret: createSecretBox(secretsKey).seal(workspaceId, id, writeCredentials(credentials)),
        opt_out_handling: 'signalbox',
        brand: 'Theirs',
        webhook_key: provider.capabilities.signed ? null : randomBytes(24).toString('base64url'),
        created_at: now,
      })
      .execute();
  });
  return like.webhookUrl.replace(like.id, id);
}
