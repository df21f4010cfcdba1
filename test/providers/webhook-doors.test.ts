import { request as httpRequest } from 'node:http';
import { createWebhooks } from '@signalbox/engine/inbound/webhooks';
import { type HttpServer, listen } from '@signalbox/engine/main/http';
import twilio from 'twilio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Harness, phone, startHarness } from '../support/harness.ts';
import { authToken, inbound, postForm, postSigned, sidOf, smsUrl } from './signed-webhooks.ts';

let harness: Harness;
let url: string;
/** A second door to the same engine, known to the world under another name than the one it listens at. */
let door: HttpServer;
let local: string;
const publicUrl = 'https://sms.example.com';
let known: string;

beforeAll(async () => {
  harness = await startHarness({ work: false });
  url = smsUrl(harness);
  const webhooks = createWebhooks({ ...harness.engine, publicUrl });
  door = await listen(() => new Response(null, { status: 503 }), { host: '127.0.0.1', port: 0 }, { first: webhooks });
  const path = new URL(url).pathname;
  local = `http://127.0.0.1:${door.port}${path}`;
  known = `${publicUrl}${path}`;
});
afterAll(async () => {
  await door.close();
  await harness.close();
});

const stored = () =>
  harness.inTx(async (tx) =>
    (await tx.selectFrom('messages').select('provider_id').execute()).map((row) => row.provider_id),
  );

describe('what is verified', () => {
  test('is the public URL, with or without its default port, not the host and port that were reached', async () => {
    expect(await postSigned(local, inbound(phone(1), 'hello', sidOf(1)), known)).toBe(200);
    const withPort = known.replace('sms.example.com', 'sms.example.com:443');
    expect(await postSigned(local, inbound(phone(1), 'hello', sidOf(2)), withPort)).toBe(200);
    expect(await stored()).toEqual([sidOf(1), sidOf(2)]);
    for (const signed of [local, known.replace('https', 'http'), known.replace('example.com', 'example.org')])
      expect([signed, await postSigned(local, inbound(phone(1), 'hello', sidOf(3)), signed)]).toEqual([signed, 403]);
    expect(await stored()).toEqual([sidOf(1), sidOf(2)]);
  });

  test('is not what a Host or forwarded header says', async () => {
    const params = inbound(phone(2), 'hello', sidOf(4));
    const forged = `https://forged.example${new URL(url).pathname}`;
    const response = await fetch(local, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': twilio.getExpectedTwilioSignature(authToken, forged, params),
        'x-forwarded-host': 'forged.example',
        'x-forwarded-proto': 'https',
        forwarded: 'host=forged.example;proto=https',
      },
      body: new URLSearchParams(params),
    });
    expect(response.status).toBe(403);
    expect(await stored()).not.toContain(sidOf(4));
  });

  test('covers the query as it was received', async () => {
    const params = { MessageSid: sidOf(5), MessageStatus: 'delivered' };
    const status = (base: string, query: string) => base.replace(/sms$/, `status${query}`);
    const query = `?attempt=${crypto.randomUUID()}&x=a%20b+c`;
    expect(await postSigned(status(local, query), params, status(known, query))).toBe(200);
    expect(await postSigned(status(local, query), params, status(known, ''))).toBe(403);
    expect(await postSigned(status(local, ''), params, status(known, query))).toBe(403);
  });
});

/** Sends a body in chunks, without saying how long it will be. Resolves to the status. */
function postChunks(target: string, chunks: readonly string[], signature: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      target,
      {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature },
      },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    sent.once('error', reject);
    for (const chunk of chunks) sent.write(chunk);
    sent.end();
  });
}

describe('a body', () => {
  const params = inbound(phone(3), 'hello', sidOf(6));
  const form = new URLSearchParams(params).toString();
  const signature = () => twilio.getExpectedTwilioSignature(authToken, url, params);

  test('over 64 KiB is 413, whether its length is told or it comes in chunks, signed or not', async () => {
    const large = { ...params, Extra: 'x'.repeat(70_000) };
    expect(await postSigned(url, large)).toBe(413);
    expect(await postForm(url, large, null)).toBe(413);
    const chunks = [form, '&Extra=', ...Array.from({ length: 70 }, () => 'x'.repeat(1_000))];
    expect(await postChunks(url, chunks, twilio.getExpectedTwilioSignature(authToken, url, large))).toBe(413);
    expect(await stored()).not.toContain(sidOf(6));
  });

  test('in chunks and not too large is taken whole', async () => {
    expect(await postChunks(url, [form.slice(0, 10), form.slice(10, 11), form.slice(11)], signature())).toBe(200);
    expect(await stored()).toContain(sidOf(6));
  });
});

test('another method than POST is 405, whatever it is signed with', async () => {
  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    const response = await fetch(url, {
      method,
      headers: { 'x-twilio-signature': twilio.getExpectedTwilioSignature(authToken, url, {}) },
    });
    expect([method, response.status]).toEqual([method, 405]);
  }
  expect((await fetch(url, { method: 'HEAD' })).status).toBe(405);
});
