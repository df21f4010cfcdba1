import type { WebhookRequest } from '@signalbox/engine/providers/provider';

/** When webhooks of the tests come, unless they say otherwise. */
export const cameAt = new Date('2026-03-02T15:00:00Z');

/** A request as it comes to one of the addresses of an account: what is left out is a POST without headers and body. */
export function webhookRequest(
  given: Pick<WebhookRequest, 'address' | 'url'> & {
    readonly method?: string;
    /** By names in lower case. */
    readonly headers?: Readonly<Record<string, string>>;
    readonly rawBody?: string | Buffer;
    readonly receivedAt?: Date;
  },
): WebhookRequest {
  const { address, url, method = 'POST', headers = {}, rawBody = '', receivedAt = cameAt } = given;
  return {
    method,
    address,
    url,
    query: new URL(url).searchParams,
    header: (name) => headers[name],
    ...bodyOf(rawBody),
    receivedAt,
  };
}

/** A request without any of its headers, and with nothing in them. */
export function withoutHeaders(request: WebhookRequest): readonly [WebhookRequest, WebhookRequest] {
  return [
    { ...request, header: () => undefined },
    { ...request, header: () => '' },
  ];
}

/** A body as text and as the bytes that came. */
export function bodyOf(body: string | Buffer): Pick<WebhookRequest, 'rawBody' | 'rawBytes'> {
  return { rawBody: body.toString(), rawBytes: Buffer.from(body) };
}
