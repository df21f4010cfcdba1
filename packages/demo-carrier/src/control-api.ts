import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';
import { parseAccount } from './account-book.ts';
import { accountBodySchema } from './accounts.ts';
import type { DeskOptions } from './desk.ts';
import { type Exchange, receiptChangesSchema, receiptSettingsSchema } from './exchange.ts';
import { type FaultBook, faultSchema } from './faults.ts';
import type { LedgerFile } from './ledger-file.ts';
import { phoneRoutes } from './phones-api.ts';
import { readBody } from './request-body.ts';

export interface ControlParts {
  readonly exchange: Exchange;
  readonly faults: FaultBook;
  readonly settings: DeskOptions;
  readonly setConcurrency: (concurrency: number) => void;
  readonly file: LedgerFile | undefined;
}

const pageSchema = z.object({
  after: z.coerce.number().int().nonnegative().default(0),
  limit: z.coerce.number().int().min(1).max(10_000).default(1_000),
});

const settingsSchema = z.strictObject({
  latency_ms: z.int().nonnegative().optional(),
  receipts: receiptChangesSchema.optional(),
});

/** A page of rows that have a `seq`, in order. */
function page<T>(rows: readonly T[], query: Record<string, string>): { data: T[]; next_after: number | null } {
  const { after, limit } = pageSchema.parse(query);
  const data = rows.slice(after, after + limit);
  return { data, next_after: after + data.length < rows.length ? after + data.length : null };
}

/** Everything below `/_carrier`: what tests and the demo do to the carrier, and what they read from it. */
export function controlApi(parts: ControlParts): Hono {
  const { exchange, faults, settings, file } = parts;
  const { ledger } = exchange;
  const app = new Hono();
  app.onError((error, context) => {
    const status = error instanceof HTTPException ? error.status : error instanceof z.ZodError ? 400 : 500;
    const detail = error instanceof z.ZodError ? z.prettifyError(error) : error.message;
    return context.json({ title: status === 500 ? 'Internal error' : 'Bad request', status, detail }, status);
  });
  app.notFound((context) => context.json({ title: 'Not found', status: 404 }, 404));

  app.get('/_carrier/health', (context) => context.json({ ok: true, underway: exchange.underway }));
  app.get('/_carrier/accounts', (context) =>
    context.json({ data: exchange.accounts.all().map(({ credentials: _secret, ...account }) => account) }),
  );
  app.put('/_carrier/accounts/:sid', async (context) => {
    const body = await readBody(context.req.raw, accountBodySchema);
    const account = parseAccount({ sid: context.req.param('sid'), ...body });
    exchange.accounts.set(account);
    file?.append({ t: 'account', account });
    return context.json({ sid: account.sid });
  });
  app.delete('/_carrier/accounts/:sid', (context) => {
    const account = { dialect: context.req.query('dialect') ?? 'twilio', sid: context.req.param('sid') };
    const removed = exchange.accounts.remove(account);
    if (removed) file?.append({ t: 'account_removed', ...account });
    return removed ? context.body(null, 204) : context.notFound();
  });

  app.get('/_carrier/settings', (context) =>
    context.json({ latency_ms: settings.latencyMs, receipts: exchange.receipts }),
  );
  app.patch('/_carrier/settings', async (context) => {
    const body = await readBody(context.req.raw, settingsSchema);
    if (body.latency_ms !== undefined) settings.latencyMs = body.latency_ms;
    exchange.receipts = receiptSettingsSchema.parse({ ...exchange.receipts, ...body.receipts });
    parts.setConcurrency(exchange.receipts.concurrency);
    return context.json({ latency_ms: settings.latencyMs, receipts: exchange.receipts });
  });

  app.get('/_carrier/faults', (context) => context.json({ data: faults.list() }));
  app.post('/_carrier/faults', async (context) =>
    context.json(faults.add(await readBody(context.req.raw, faultSchema)), 201),
  );
  app.delete('/_carrier/faults', (context) => {
    faults.clear();
    return context.body(null, 204);
  });
  app.delete('/_carrier/faults/:id', (context) =>
    faults.clear(context.req.param('id')) ? context.body(null, 204) : context.notFound(),
  );

  app.get('/_carrier/ledger', (context) =>
    context.json({ ...page(ledger.messages, context.req.query()), counts: ledger.counts() }),
  );
  app.get('/_carrier/ledger/counts', (context) => context.json({ ...ledger.counts(), underway: exchange.underway }));
  app.get('/_carrier/ledger/repeats', (context) => context.json({ data: ledger.repeats() }));
  app.get('/_carrier/ledger/receipts', (context) => context.json(page(ledger.receipts, context.req.query())));
  app.delete('/_carrier/ledger', (context) => {
    exchange.stop();
    ledger.clear();
    file?.clear();
    for (const account of exchange.accounts.all()) file?.append({ t: 'account', account });
    return context.body(null, 204);
  });

  app.get('/_carrier/numbers', (context) =>
    context.json({
      data: exchange.accounts.numbers().map(({ number, smsUrl, account }) => ({
        number,
        account_sid: account.sid,
        account_name: account.friendly_name,
        opt_out: account.opt_out,
        takes_texts: smsUrl !== null,
      })),
    }),
  );
  app.route('/_carrier/phones', phoneRoutes(exchange, file === undefined ? undefined : () => file.written()));
  return app;
}
