/** The parts of a JSON Schema that the editor reads. */
export type JsonSchema = {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly ui?: unknown;
};

const candidates = [
  '…',
  'x',
  'x_1',
  'x.y',
  '09:00',
  'first_name',
  '2030-01-01',
  'x@example.com',
  '1',
  'X',
  `tpl_${'0'.repeat(26)}`,
];

/**
 * A small value that fits the schema, for asking what an unfinished config will look like once it is filled in. A schema
 * can refuse more than it says; another `attempt` (from 0) gives another text.
 */
export function sampleValue(schema: JsonSchema, root: JsonSchema, attempt = 0): unknown {
  const resolved = resolve(schema, root);
  if (resolved.default !== undefined) return resolved.default;
  if (resolved.const !== undefined) return resolved.const;
  if (resolved.enum !== undefined) return resolved.enum[0];
  const option = (resolved.anyOf ?? resolved.oneOf)?.[0];
  if (option !== undefined) return sampleValue(option, root, attempt);
  switch (resolved.type) {
    case 'object': {
      const properties = resolved.properties ?? {};
      return Object.fromEntries(
        (resolved.required ?? []).map((name) => [name, sampleValue(properties[name] ?? {}, root, attempt)]),
      );
    }
    case 'array':
      if (resolved.prefixItems !== undefined)
        return resolved.prefixItems.map((item) => sampleValue(item, root, attempt));
      return Array.from({ length: resolved.minItems ?? 0 }, () => sampleValue(resolved.items ?? {}, root, attempt));
    case 'number':
    case 'integer':
      return Math.max(resolved.minimum ?? 1, 1);
    case 'boolean':
      return false;
    default: {
      const pattern = resolved.pattern === undefined ? null : new RegExp(resolved.pattern);
      const fitting = pattern === null ? candidates : candidates.filter((candidate) => pattern.test(candidate));
      return fitting[attempt % Math.max(1, fitting.length)] ?? 'x';
    }
  }
}

/** The schema at a path of a config. */
export function schemaAt(root: JsonSchema, path: ReadonlyArray<PropertyKey>): JsonSchema {
  let at = resolve(root, root);
  for (const key of path) {
    const next: JsonSchema | undefined =
      typeof key === 'number' ? (at.prefixItems?.[key] ?? at.items) : at.properties?.[String(key)];
    if (next === undefined) return {};
    at = resolve(next, root);
  }
  return at;
}

function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const name = schema.$ref?.replace('#/$defs/', '');
  if (name === undefined)
    return schema.allOf?.[0] === undefined ? schema : { ...resolve(schema.allOf[0], root), ...schema };
  const target = root.$defs?.[name] ?? {};
  return { ...resolve(target, root), ...schema };
}

/** Sets a value inside plain JSON, copying what it changes. */
export function setAt(value: unknown, path: ReadonlyArray<PropertyKey>, next: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return next;
  if (Array.isArray(value) && typeof key === 'number') {
    const items: unknown[] = value;
    const copy = [...items];
    copy[key] = setAt(items[key], rest, next);
    return copy;
  }
  const record = isRecord(value) ? value : {};
  return { ...record, [String(key)]: setAt(record[String(key)], rest, next) };
}

/** Whether a value is a plain object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
