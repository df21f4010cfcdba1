import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from './client.ts';
import { nameOf } from './judge.ts';
import { operationsOf, schemasOf } from './operations.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness({ api: 'demo' });
});
afterAll(() => api.close());

const jsonSchema = z.record(z.string(), z.unknown());
const listSchema = z.array(jsonSchema);

/**
 * Where answers of a document have enums to which no value can be added. One of a single value is a mark by which the forms of a document
 * are told apart, and no enum.
 */
function closedEnums(document: unknown): string[] {
  const schemas = schemasOf(document);
  const found = new Set<string>();
  const visit = (value: unknown, path: string, inside: readonly string[]): void => {
    const schema = jsonSchema.safeParse(value).data;
    if (schema === undefined) return;
    const name = typeof schema['$ref'] === 'string' ? (schema['$ref'].split('/').at(-1) ?? '') : null;
    if (name !== null) {
      if (!inside.includes(name)) visit(schemas[name], name, [...inside, name]);
      return;
    }
    const values = z.array(z.unknown()).safeParse(schema['enum']).data ?? [];
    if (values.length > 1) found.add(path);
    for (const key of ['anyOf', 'oneOf', 'allOf'] as const) {
      const forms = listSchema.safeParse(schema[key]).data ?? [];
      const takesAny = key !== 'allOf' && forms.some((form) => form['type'] === 'string' && !('enum' in form));
      for (const form of forms) if (!(takesAny && 'enum' in form)) visit(form, path, inside);
    }
    for (const [property, inner] of Object.entries(jsonSchema.safeParse(schema['properties']).data ?? {}))
      visit(inner, `${path}.${property}`, inside);
    visit(schema['items'], `${path}.*`, inside);
    visit(schema['additionalProperties'], `${path}.*`, inside);
  };
  for (const operation of operationsOf(document))
    for (const { content } of Object.values(operation.responses))
      for (const { schema } of Object.values(content ?? {})) visit(schema, nameOf(operation), []);
  return [...found].sort();
}

test('a value can be added to every enum of every answer, the document says', () => {
  const document = api.api?.document();
  expect(closedEnums(document)).toEqual([]);
  expect(JSON.stringify(schemasOf(document)['FlowSummary'])).toContain(
    '"state":{"type":"string","anyOf":[{"enum":["draft","live","paused","stopped"]},{"type":"string"}]}',
  );
});

test('what a request may say is closed', () => {
  const list = operationsOf(api.api?.document()).find((operation) => nameOf(operation) === 'GET /v1/flows');
  expect(list?.parameters.find(({ name }) => name === 'state')?.schema).toEqual({
    type: 'string',
    enum: ['draft', 'live', 'paused', 'stopped'],
  });
});

test('turns red for a closed enum in an answer, also deep inside', () => {
  const close = (...values: readonly string[]): string[] => {
    const list = JSON.stringify(values);
    const open = `"anyOf":[{"enum":${list}},{"type":"string"}]`;
    return closedEnums(JSON.parse(JSON.stringify(api.api?.document()).replaceAll(open, `"enum":${list}`)));
  };
  expect(close('GSM-7', 'UCS-2')).toEqual([
    'Message.encoding',
    'MessagePreview.encoding',
    'MessageTemplatePreview.data.*.encoding',
  ]);
  expect(close('granted', 'revoked', 'pending', 'none')).toEqual(['Contact.consent.*']);
});
