import { parse } from 'node:querystring';
import type { WebhookRequest } from './provider.ts';

/** A form as signed and read: each name with its values in order. */
export type Form = ReadonlyMap<string, readonly string[]>;

function parseForm(rawBody: string): Form {
  const form = new Map<string, string[]>();
  for (const [name, value] of Object.entries(parse(rawBody))) {
    if (value !== undefined) form.set(name, Array.isArray(value) ? value : [value]);
  }
  return form;
}

/** Remembers the last body that was read: a webhook is verified and then understood, which needs the same form twice. */
export function createFormReader(): (rawBody: string) => Form {
  let last: { readonly rawBody: string; readonly form: Form } | null = null;
  return (rawBody) => {
    if (last === null || last.rawBody !== rawBody) last = { rawBody, form: parseForm(rawBody) };
    return last.form;
  };
}

/** What a request tells by either method: a GET has it in its query, a POST in its body. */
export function formTold({ method, query }: Pick<WebhookRequest, 'method' | 'query'>, body: () => Form): Form {
  return method === 'GET' ? new Map([...query.keys()].map((name) => [name, query.getAll(name)])) : body();
}

/** The first value of each name. */
export function fieldsOf(form: Form): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [name, values] of form) fields[name] = values[0] ?? '';
  return fields;
}
