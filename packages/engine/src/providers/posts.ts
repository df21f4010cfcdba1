import type { OutgoingRequest } from '../http/outgoing.ts';

type Headers = Readonly<Record<string, string>>;

/** A POST of a document in JSON. */
export function postJson(url: string, headers: Headers, document: unknown, timeoutMs: number): OutgoingRequest {
  const body = JSON.stringify(document);
  return { method: 'POST', url, headers: { ...headers, 'content-type': 'application/json' }, body, timeoutMs };
}

/** A POST of a form. */
export function postForm(url: string, headers: Headers, form: URLSearchParams, timeoutMs: number): OutgoingRequest {
  const type = 'application/x-www-form-urlencoded';
  return { method: 'POST', url, headers: { ...headers, 'content-type': type }, body: form.toString(), timeoutMs };
}
