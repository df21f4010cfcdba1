import { z } from 'zod';

/** A schema's JSON Schema for the API document; where it takes any JSON, it says so without recursion. */
export function jsonSchemaOf(schema: z.ZodType): Record<string, unknown> {
  const {
    $schema: _dialect,
    $defs: definitions = {},
    ...described
  } = z.toJSONSchema(schema, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'lazy')
        for (const key of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, key);
    },
  });
  const any = Object.entries(definitions).flatMap(([name, definition]) =>
    Object.keys(definition).length === 0 ? [`#/$defs/${name}`] : [],
  );
  return z.record(z.string(), z.unknown()).parse(
    JSON.parse(JSON.stringify(described), (_key, value: unknown) => {
      const isAny =
        typeof value === 'object' &&
        value !== null &&
        '$ref' in value &&
        typeof value.$ref === 'string' &&
        any.includes(value.$ref);
      return isAny ? {} : value;
    }),
  );
}
