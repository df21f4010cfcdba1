import { z } from 'zod';
import { idPrefixes } from '../http/ids.ts';

const exampleSchema = z.looseObject({ example: z.unknown().optional(), $ref: z.string().optional() });

const chosenSchema = z.looseObject({ enum: z.array(z.string()), example: z.string() });

/** What an example is made from: an operation as the API document has it. */
export type ExampleOperation = {
  readonly method: string;
  /** With `{flow_id}` and the like. */
  readonly path: string;
  readonly parameters: ReadonlyArray<{ readonly name: string; readonly in: string; readonly schema?: unknown }>;
  /** The first of the body's content types, with its schema; null where there is no body. */
  readonly body: { readonly type: string; readonly schema: unknown } | null;
  readonly streams: boolean;
};

const shownId = new RegExp(`\\b(${Object.values(idPrefixes).join('|')})_[0-9a-z]{26}\\b`, 'g');
const variables = new Map<string, string>(
  Object.entries(idPrefixes).map(([kind, prefix]) => [prefix, `${kind.toUpperCase()}_ID`]),
);

/** Text that a shell takes as it is. An id in it becomes the shell variable of its kind. */
function quoted(text: string): string {
  const safe = text.replaceAll("'", `'\\''`);
  return `'${safe.replace(shownId, (_id, prefix: string) => `'"$${variables.get(prefix) ?? ''}"'`)}'`;
}

/** The example of a body's schema, here or where it refers to. */
function exampleOf(schema: unknown, schemas: Readonly<Record<string, unknown>>): unknown {
  const parsed = exampleSchema.safeParse(schema);
  if (!parsed.success) return undefined;
  const { example, $ref } = parsed.data;
  return example ?? ($ref === undefined ? undefined : exampleOf(schemas[$ref.split('/').at(-1) ?? ''], schemas));
}

/**
 * A command that makes the operation's request. It runs as it stands in a shell with the variables of `exampleSetUp`.
 *
 * @param schemas the document's named schemas.
 */
export function exampleCommand(operation: ExampleOperation, schemas: Readonly<Record<string, unknown>>): string {
  const { method, path, body } = operation;
  const words = ['curl'];
  if (operation.streams) words.push('-N');
  if (method !== 'get') words.push('-X', method.toUpperCase());
  words.push('-H "Authorization: Bearer $TOKEN"');
  if (operation.parameters.some((parameter) => parameter.name === 'if-match')) words.push("-H 'If-Match: *'");
  if (body !== null) {
    const example = exampleOf(body.schema, schemas);
    const text = typeof example === 'string' ? example : JSON.stringify(example ?? {});
    words.push(`-H 'Content-Type: ${body.type}'`, '--data-binary', quoted(text));
  }
  const inPath = (name: string): string => {
    const schema = operation.parameters.find((parameter) => parameter.name === name)?.schema;
    const { success, data } = chosenSchema.safeParse(schema);
    // One of a few words stands there; an id is that of something that exists.
    return success ? data.example : `$${name.toUpperCase()}`;
  };
  words.push(`"$URL${path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => inPath(name))}"`);
  return words.join(' ');
}

/** What the examples need once: where the API is, a token, and ids of things that exist. */
export function exampleSetUp(url: string): string {
  const first = (variable: string, path: string, prefix: string) =>
    `export ${variable}=$(curl -s -H "Authorization: Bearer $TOKEN" "$URL${path}" | grep -o '${prefix}_[0-9a-z]*' | head -1)`;
  return [
    `export URL=${url}`,
    'export TOKEN=$(npx pnpm --silent run token | head -1)',
    first('FLOW_ID', '/api/v1/flows?state=live&limit=1', 'flw'),
    first('CONTACT_ID', '/api/v1/contacts?limit=1', 'con'),
    first('ACCOUNT_ID', '/api/v1/accounts?limit=1', 'acc'),
    first('SENDER_ID', '/api/v1/accounts?limit=1', 'snd'),
    first('ENROLLMENT_ID', '/api/v1/flows/$FLOW_ID/enrollments?limit=1', 'enr'),
    first('PRICE_ID', '/api/v1/prices?limit=1', 'prc'),
    first('MESSAGE_ID', '/api/v1/messages?limit=1', 'msg'),
    first('MEDIA_ID', '/api/v1/messages?limit=200', 'med'),
    first('HOLD_ID', '/api/v1/queue/holds', 'hld'),
    first('RETRY_ID', '/api/v1/queue/retries', 'rty'),
    first('LIST_ID', '/api/v1/contact-lists', 'lst'),
    first('DELETION_ID', '/api/v1/deleted-contacts?limit=1', 'del'),
    first('CAMPAIGN_ID', '/api/v1/campaigns?limit=1', 'cmp'),
    first('SEGMENT_ID', '/api/v1/segments', 'seg'),
    first('POOL_ID', '/api/v1/code-pools', 'cpl'),
    first('GOAL_ID', '/api/v1/goals', 'gol'),
    first('FORM_ID', '/api/v1/sign-up-forms', 'frm'),
    first('TEMPLATE_ID', '/api/v1/message-templates?kind=template', 'tpl'),
    first('TEST_ID', '/api/v1/tests?limit=1', 'tst'),
    first('FIELD_ID', '/api/v1/contact-fields', 'fld'),
    first('PROGRAMME_ID', '/api/v1/consent/programmes?limit=1', 'prg'),
    first('SUPPRESSION_ID', '/api/v1/suppressions?reason=blocked&limit=1', 'sup'),
    first('NOTICE_ID', '/api/v1/notices?limit=1', 'ntc'),
    first('WEBHOOK_ID', '/api/v1/webhooks?limit=1', 'whk'),
    first('DELIVERY_ID', '/api/v1/webhooks/$WEBHOOK_ID/deliveries?limit=1', 'dlv'),
  ].join('\n');
}
