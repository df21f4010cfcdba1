import type { Provider } from '@signalbox/engine/providers/provider';
import { z } from 'zod';
import type { ApiHarness } from '../api/client.ts';

const madeSchema = z.object({ id: z.string(), webhook_url: z.string(), status_url: z.string() });

/** An account at a made-up provider, added as anybody adds one and then pointed at the provider's fake. */
export async function addPlantedAccount(
  harness: ApiHarness,
  provider: Provider,
  options: { readonly address: string; readonly baseUrl: string },
): Promise<z.infer<typeof madeSchema>> {
  const { type, account } = provider;
  const senders = [{ address: options.address, kind: 'long_code' }];
  const body = { provider: type, name: provider.title, ...account.example, senders, opt_out_handling: 'signalbox' };
  const made = await harness.call('POST', '/api/v1/accounts', { body });
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  const shown = madeSchema.parse(made.body);
  await harness.inTx((tx) =>
    tx.updateTable('accounts').set({ base_url: options.baseUrl }).where('provider', '=', type).execute(),
  );
  const [, , , , id = ''] = shown.webhook_url.split('/').slice(1);
  harness.engine.accounts.forget(id);
  return shown;
}
