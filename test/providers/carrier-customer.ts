import { type Post, startCustomer } from '@signalbox/demo-carrier/carrier-fixture';
import { createOutgoingClient } from '@signalbox/engine/http/outgoing';
import type { Connection, Provider, WebhookRequest } from '@signalbox/engine/providers/provider';
import { type AccountSetting, type CarrierAccount, startCarrierAccount } from './carrier-account.ts';
import { webhookRequest } from './webhook-request.ts';

/** A carrier with an account, and its customer, who keeps each callback as a webhook's door would hand it on. */
export type CarrierCustomer = Pick<CarrierAccount, 'carrier' | 'quiet'> & {
  /** Of the account at the carrier. */
  readonly connection: Connection;
  /** The customer's address for the receipts of one message, with an attempt of ours. */
  readonly callbackUrl: string;
  /** Every callback so far, in its order. */
  readonly callbacks: () => readonly WebhookRequest[];
  /** Resolves to the callbacks at one of the two addresses, once there are so many. */
  readonly told: (address: WebhookRequest['address'], count: number) => Promise<readonly WebhookRequest[]>;
  readonly close: () => Promise<void>;
};

/** Starts both, and connects the account. */
export async function startCarrierCustomer(
  provider: Provider,
  credentials: Readonly<Record<string, string>>,
  setting: AccountSetting,
): Promise<CarrierCustomer> {
  const customer = await startCustomer();
  customer.answer = { status: 200, body: provider.webhooks.acknowledgement.body };
  const { carrier, account, quiet, close } = await startCarrierAccount(provider, credentials, {
    sms_url: `${customer.url}/sms`,
    // With a query of its own, which has to stay.
    status_callback: `${customer.url}/status?account=1`,
    ...setting,
  });
  const http = createOutgoingClient();
  const asHandedOn = ({ method, path, headers, rawBody }: Post): WebhookRequest => {
    const given = Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value]] : [],
    );
    return webhookRequest({
      method,
      address: path.startsWith('/sms') ? 'sms' : 'status',
      url: customer.url + path,
      headers: Object.fromEntries(given),
      rawBody,
      receivedAt: new Date(),
    });
  };
  return {
    carrier,
    quiet,
    connection: provider.connect(account, http),
    callbackUrl: `${customer.url}/status?attempt=00000000-0000-7000-8000-00000000000a`,
    callbacks: () => customer.posts.map(asHandedOn),
    told: async (address, count) => (await customer.waitFor(`/${address}`, count)).map(asHandedOn),
    close: async () => {
      await http.close();
      await close();
      await customer.close();
    },
  };
}
