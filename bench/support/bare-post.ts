import { Agent, request } from 'undici';
import { businessNumber, type Stack } from './stack.ts';

/**
 * The floor for sending: a loop of POSTs with the engine's HTTP client, keep-alive and bodies, and nothing else. The best of three
 * concurrencies counts. No receipts are asked for.
 */
export async function barePosts(
  stack: Stack,
  count: number,
): Promise<{ readonly perSecond: number; readonly concurrency: number }> {
  let best = { perSecond: 0, concurrency: 0 };
  for (const concurrency of [16, 48, 96]) {
    const agent = new Agent({ connections: concurrency, keepAliveTimeout: 30_000, pipelining: 1 });
    const authorization = `Basic ${Buffer.from(`${stack.accountSid}:${stack.authToken}`).toString('base64')}`;
    const url = `${stack.carrierUrl}/2010-04-01/Accounts/${stack.accountSid}/Messages.json`;
    let next = 0;
    const loop = async (): Promise<void> => {
      while (next < count) {
        const index = next++;
        const body = new URLSearchParams({
          To: `+1202${6_000_000 + index}`,
          From: businessNumber,
          Body: `Hi Person ${index}, members get 10% off today.`,
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
    await Promise.all(Array.from({ length: concurrency }, loop));
    const perSecond = count / ((performance.now() - began) / 1_000);
    if (perSecond > best.perSecond) best = { perSecond, concurrency };
    await agent.close();
    await stack.carrier('DELETE', '/_carrier/ledger');
  }
  return best;
}
