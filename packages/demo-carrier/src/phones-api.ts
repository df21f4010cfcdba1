import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { streamSSE } from 'hono/streaming';
import { z } from 'zod';
import { e164Schema } from './accounts.ts';
import type { Exchange } from './exchange.ts';
import { isOnPhone, type LedgerMessage } from './ledger.ts';
import { sampleNames } from './media.ts';
import { readBody } from './request-body.ts';

const heartbeatMs = 15_000;

const textSchema = z.strictObject({
  to: z.string().min(1),
  body: z.string().max(1_600),
  /** One of the pictures that every phone has. */
  picture: z.enum(sampleNames).optional(),
});

/** A message as a phone's screen shows it. */
function shown(message: LedgerMessage): Record<string, unknown> {
  return {
    id: message.sid,
    seq: message.seq,
    direction: message.origin === 'phone' ? 'outgoing' : 'incoming',
    from: message.from,
    to: message.to,
    body: message.body,
    pictures: message.media.map(({ sha256 }) => sha256),
    segments: message.segments,
    status: message.status,
    error_code: message.errorCode,
    at: new Date(message.createdAt).toISOString(),
  };
}

function phoneParam(value: string): string {
  const parsed = e164Schema.safeParse(value);
  if (!parsed.success)
    throw new HTTPException(400, { message: 'The phone must be an E.164 number such as +15550100.' });
  return parsed.data;
}

/** The on-screen phones: what stands on them, texting from them, and what happens on them. */
export function phoneRoutes(exchange: Exchange, written?: () => Promise<void>): Hono {
  const { ledger } = exchange;
  const app = new Hono();

  app.get('/', (context) =>
    context.json({
      data: ledger.phones().map((phone) => {
        const messages = ledger.ofPhone(phone).filter(isOnPhone);
        const last = messages.at(-1);
        return { phone, messages: messages.length, last: last === undefined ? null : shown(last) };
      }),
    }),
  );

  app.get('/:phone/messages', (context) => {
    const limit = Math.min(500, Math.max(1, Number(context.req.query('limit')) || 100));
    const before = Number(context.req.query('before')) || Number.POSITIVE_INFINITY;
    const all = ledger.ofPhone(phoneParam(context.req.param('phone'))).filter((m) => isOnPhone(m) && m.seq < before);
    const data = all.slice(-limit);
    return context.json({
      data: data.map(shown),
      next_before: all.length > data.length ? (data[0]?.seq ?? null) : null,
    });
  });

  app.post('/:phone/messages', async (context) => {
    const phone = phoneParam(context.req.param('phone'));
    const { to, body, picture } = await readBody(context.req.raw, textSchema);
    if (body === '' && picture === undefined) throw new HTTPException(400, { message: 'Write something.' });
    const number = exchange.accounts.number(to);
    if (number === undefined) throw new HTTPException(404, { message: `No account has the number ${to}.` });
    const message = exchange.textFromPhone(
      phone,
      number,
      body,
      picture === undefined ? [] : [exchange.sample(picture)],
    );
    await written?.();
    return context.json(shown(message), 201);
  });

  app.get('/pictures/:sha256', (context) => {
    const picture = exchange.media.get(context.req.param('sha256'));
    if (picture === undefined) throw new HTTPException(404, { message: 'There is no such picture.' });
    return context.body(new Uint8Array(picture.bytes), 200, {
      'content-type': picture.type,
      'x-content-type-options': 'nosniff',
    });
  });

  app.get('/:phone/events', (context) => {
    const phone = phoneParam(context.req.param('phone'));
    const lastId = Number(context.req.header('last-event-id'));
    return streamSSE(context, async (stream) => {
      const stop = ledger.listen(
        (event) => {
          if (event.phone !== phone) return;
          void stream.writeSSE({ id: String(event.id), event: event.kind, data: JSON.stringify(shown(event.message)) });
        },
        Number.isInteger(lastId) && lastId > 0 ? lastId : undefined,
      );
      stream.onAbort(() => {
        stop();
      });
      await stream.write(': connected\n\n');
      while (!stream.aborted && !stream.closed) {
        await stream.sleep(heartbeatMs);
        if (!stream.aborted) await stream.write(': still here\n\n');
      }
    });
  });
  return app;
}
