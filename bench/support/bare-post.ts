import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Agent, request } from 'undici';
import { startProcess } from './processes.ts';
import { businessNumber, type Stack } from './stack.ts';

export type BareRate = { readonly perSecond: number; readonly concurrency: number };

/**
 * The floor for sending: a loop of POSTs with the engine's HTTP client, keep-alive and bodies, and nothing else; the best of three
 * concurrencies counts. `withReceipts`: the very bodies that the engine posts, so that the carrier reports on each message, to a
 * process that only answers. `withoutReceipts`: the same without a StatusCallback, so that the carrier has nothing more to do.
 */
export async function barePosts(
  stack: Stack,
  count: number,
): Promise<{ readonly withReceipts: BareRate; readonly withoutReceipts: BareRate }> {
  const sink = await startProcess(fileURLToPath(new URL('receipt-sink.ts', import.meta.url)), [], {});
  try {
    const callback = () => `${sink.url}/webhooks/twilio/${stack.accountId}/status?attempt=${randomUUID()}`;
    return {
      withReceipts: await best(stack, count, callback),
      withoutReceipts: await best(stack, count, null),
    };
  } finally {
    await sink.stop();
  }
}

async function best(stack: Stack, count: number, callback: (() => string) | null): Promise<BareRate> {
  let found = { perSecond: 0, concurrency: 0 };
  for (const concurrency of [16, 48, 96]) {
    const perSecond = await loop(stack, count, concurrency, callback);
    if (perSecond > found.perSecond) found = { perSecond, concurrency };
    // Forgets what is still to be reported on, so that the next loop has the carrier for itself.
    await stack.carrier('DELETE', '/_carrier/ledger');
  }
  return found;
}

async function loop(
  stack: Stack,
  count: number,
  concurrency: number,
  callback: (() => string) | null,
): Promise<number> {
  const agent = new Agent({ connections: concurrency, keepAliveTimeout: 30_000, pipelining: 1 });
  const authorization = `Basic ${Buffer.from(`${stack.accountSid}:${stack.authToken}`).toString('base64')}`;
  const url = `${stack.carrierUrl}/2010-04-01/Accounts/${stack.accountSid}/Messages.json`;
  let next = 0;
  const post = async (): Promise<void> => {
    while (next < count) {
      const index = next++;
      const body = new URLSearchParams({
        To: `+1202${6_000_000 + index}`,
        From: businessNumber,
        Body: `Hi Person ${index}, members get 10% off today.`,
        ...(callback === null ? {} : { StatusCallback: callback() }),
      }).toString();
      const response = await request(url, {
        dispatcher: agent,
        method: 'POST',
        headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
        body,
      });
      await response.body.text();
      if (response.statusCode !== 201) throw new Error(`The carrier answered ${response.statusCode}.`);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: concurrency }, post));
  const perSecond = count / ((performance.now() - began) / 1_000);
  await agent.close();
  return perSecond;
}
