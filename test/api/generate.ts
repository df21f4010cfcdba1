import fc from 'fast-check';
import { z } from 'zod';
import type { Json } from './operations.ts';

/** Draws numbers that the same seed draws again. */
export type Draw = {
  /** In [0, 1). */
  readonly number: () => number;
  /** A whole number from 0 up to, not including, `below`. */
  readonly below: (below: number) => number;
  readonly pick: <T>(from: readonly [T, ...T[]]) => T;
  readonly chance: (of: number) => boolean;
};

/** mulberry32. */
export function seededDraw(seed: number): Draw {
  let state = seed >>> 0;
  const number = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(number() * limit);
  return {
    number,
    below,
    pick: (from) => from[below(from.length)] ?? from[0],
    chance: (of) => number() < of,
  };
}

/** Real ids by prefix, so that generated requests meet what exists. */
export type Pool = ReadonlyMap<string, readonly string[]>;

const objectSchema = z.record(z.string(), z.unknown());
const schemaListSchema = z.array(objectSchema);
const texts = [
  '',
  ' ',
  'a',
  'Sample',
  '0',
  'ünïcödé',
  '😀',
  '‮txet',
  "'; DROP TABLE flows; --",
  '%_\\',
  '<b>',
  '{{ x }}',
  'null',
  '../..',
  'A'.repeat(300),
] as const;

export type Generator = {
  /** A value that fits the schema, as far as a schema can say. */
  readonly value: (schema: Json, depth?: number) => unknown;
  /** A value that most likely does not fit. */
  readonly broken: (schema: Json) => unknown;
  readonly id: (prefix: string) => string;
};

/** Makes values for JSON Schemas with references into `schemas`. */
export function createGenerator(draw: Draw, schemas: Readonly<Record<string, Json>>, pool: Pool): Generator {
  const id = (prefix: string): string => {
    const known = pool.get(prefix) ?? [];
    if (known.length > 0 && draw.chance(0.8)) return known[draw.below(known.length)] ?? '';
    return `${prefix}_0${Array.from({ length: 25 }, () => '0123456789abcdefghjkmnpqrstvwxyz'[draw.below(32)]).join('')}`;
  };

  const resolve = (schema: Json): Json => {
    const ref = schema.$ref;
    return typeof ref === 'string' ? (schemas[ref.split('/').at(-1) ?? ''] ?? {}) : schema;
  };

  const text = (schema: Json): string => {
    const { pattern, format } = schema;
    if (typeof pattern === 'string' && format === undefined) {
      const prefix = /^\^([a-z]{3})_\[/.exec(pattern)?.[1];
      if (prefix !== undefined) return id(prefix);
      return fc.sample(fc.stringMatching(new RegExp(pattern)), { numRuns: 1, seed: draw.below(1e9) })[0] ?? '';
    }
    if (format === 'date-time') return new Date(1.6e12 + draw.below(4e11)).toISOString();
    if (format === 'date') return new Date(1.6e12 + draw.below(4e11)).toISOString().slice(0, 10);
    if (format === 'email') return `person${draw.below(1e6)}@example.com`;
    if (format === 'uri') return draw.pick(['https://api.twilio.com', 'http://127.0.0.1:9', 'https://example.com/x']);
    const example = schema.example;
    if (typeof example === 'string' && draw.chance(0.5)) return example;
    const least = Number(schema.minLength ?? 0);
    const most = Number(schema.maxLength ?? 400);
    return draw.pick(texts).padEnd(least, 'x').slice(0, most);
  };

  const value = (given: Json, depth = 0): unknown => {
    const schema = resolve(given);
    const choices = schemaListSchema.safeParse(schema.anyOf ?? schema.oneOf).data ?? [];
    if (choices.length > 0) return value(choices[depth > 3 ? 0 : draw.below(choices.length)] ?? {}, depth + 1);
    const parts = schemaListSchema.safeParse(schema.allOf).data ?? [];
    if (parts.length > 0)
      return Object.assign({}, ...parts.map((part) => objectSchema.safeParse(value(part, depth)).data ?? {}));
    if (schema.const !== undefined) return schema.const;
    if (Array.isArray(schema.enum)) return schema.enum[draw.below(schema.enum.length)];
    const type = Array.isArray(schema.type) ? schema.type[draw.below(schema.type.length)] : schema.type;
    switch (type) {
      case 'string':
        return text(schema);
      case 'integer':
      case 'number': {
        const least = Number(schema.minimum ?? -1_000);
        const most = Math.min(Number(schema.maximum ?? 1_000), least + 1_000_000);
        const drawn = least + draw.number() * (most - least);
        return type === 'integer' ? Math.round(drawn) : drawn;
      }
      case 'boolean':
        return draw.chance(0.5);
      case 'null':
        return null;
      case 'array':
        return list(schema, depth);
      case 'object':
        return object(schema, depth);
      default:
        return draw.pick<unknown>([null, 1, 'text', true, { a: [1] }]);
    }
  };

  const list = (schema: Json, depth: number): unknown[] => {
    const tuple = schemaListSchema.safeParse(schema.prefixItems).data;
    if (tuple !== undefined) return tuple.map((item) => value(item, depth + 1));
    const least = Number(schema.minItems ?? 0);
    const most = Math.min(Number(schema.maxItems ?? 3), depth > 2 ? least : 3);
    const length = Math.max(least, draw.below(most + 1));
    return Array.from({ length }, () => value(objectSchema.safeParse(schema.items).data ?? {}, depth + 1));
  };

  const object = (schema: Json, depth: number): Record<string, unknown> => {
    const required = new Set(z.array(z.string()).safeParse(schema.required).data ?? []);
    const made: Record<string, unknown> = {};
    for (const [name, property] of Object.entries(
      z.record(z.string(), objectSchema).safeParse(schema.properties).data ?? {},
    )) {
      if (required.has(name) || draw.chance(0.6)) made[name] = value(property, depth + 1);
    }
    const rest = objectSchema.safeParse(schema.additionalProperties).data;
    const names = objectSchema.safeParse(schema.propertyNames).data;
    if (rest !== undefined && depth < 4) {
      for (let count = draw.below(3); count > 0; count -= 1)
        made[names === undefined ? `key_${draw.below(9)}` : text(names)] = value(rest, depth + 1);
    }
    return made;
  };

  const junk = (): unknown =>
    draw.pick<unknown>([
      null,
      -1,
      1e308,
      2 ** 53,
      '',
      'x'.repeat(5_000),
      '\u0000',
      '\ud800',
      [],
      {},
      [[[[]]]],
      true,
      { __proto__: null, constructor: 1 },
    ]);

  const broken = (schema: Json): unknown => {
    const whole = value(schema);
    if (typeof whole !== 'object' || whole === null || Array.isArray(whole) || draw.chance(0.15)) return junk();
    const names = Object.keys(whole);
    const name = names[draw.below(names.length)];
    if (name === undefined) return { unexpected: junk() };
    const { [name]: _removed, ...others } = objectSchema.parse(whole);
    return draw.chance(0.3) ? others : { ...others, [name]: junk() };
  };

  return { value, broken, id };
}
