import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { accountBodySchema } from './accounts.ts';
import { receiptChangesSchema } from './exchange.ts';
import { createCarrier } from './server.ts';

/**
 * The carrier as a process. Arguments, or the environment in their absence:
 *   --port    CARRIER_PORT    the loopback port; a free one when absent
 *   --ledger  CARRIER_LEDGER  the file that keeps the ledger; in memory when absent
 *   --config  CARRIER_CONFIG  a JSON file, see `configSchema`
 *   --seed    CARRIER_SEED    a whole number
 * Prints one line of JSON when ready: {"ready":true,"url":"http://127.0.0.1:…"}. SIGTERM and SIGINT end it cleanly.
 */
const configSchema = z.strictObject({
  accounts: z.array(accountBodySchema.extend({ sid: z.string() })).default([]),
  receipts: receiptChangesSchema.optional(),
  latency_ms: z.int().nonnegative().default(0),
});

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    ledger: { type: 'string' },
    config: { type: 'string' },
    seed: { type: 'string' },
  },
});
const setting = (name: 'port' | 'ledger' | 'config' | 'seed'): string | undefined =>
  values[name] ?? (process.env[`CARRIER_${name.toUpperCase()}`] || undefined);

const number = z.coerce.number().int().nonnegative();
const port = number.max(65_535).parse(setting('port') ?? '0');
const seed = setting('seed');
const ledgerFile = setting('ledger');
const configFile = setting('config');
const config = configSchema.parse(configFile === undefined ? {} : JSON.parse(readFileSync(configFile, 'utf8')));

const carrier = createCarrier({
  accounts: config.accounts,
  latencyMs: config.latency_ms,
  ...(config.receipts === undefined ? {} : { receipts: config.receipts }),
  ...(seed === undefined ? {} : { seed: number.parse(seed) }),
  ...(ledgerFile === undefined ? {} : { ledgerFile }),
});

let closing = false;
const close = (): void => {
  if (closing) return;
  closing = true;
  void carrier.close().then(() => process.exit(0));
};
process.on('SIGTERM', close);
process.on('SIGINT', close);
process.on('disconnect', close);

const url = await carrier.listen(port);
process.stdout.write(`${JSON.stringify({ ready: true, url })}\n`);
