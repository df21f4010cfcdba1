import { z } from 'zod';

/** A field of a config, as its JSON Schema has it. */
type Shaped = {
  readonly type?: string | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly items?: unknown;
  readonly properties?: Readonly<Record<string, unknown>> | undefined;
  readonly additionalProperties?: unknown;
  readonly anyOf?: readonly unknown[] | undefined;
  readonly $ref?: string | undefined;
};

const shapedSchema: z.ZodType<Shaped> = z.looseObject({
  type: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  items: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  $ref: z.string().optional(),
});
const definitionsSchema = z.looseObject({ $defs: z.record(z.string(), z.unknown()).default({}) });

const read = (schema: unknown): Shaped => shapedSchema.safeParse(schema).data ?? {};

/** The shape of a config field in a few words, such as `text` or `list of {field, value}`: what a control says that it draws. */
export function fieldShape(field: unknown, root: unknown): string {
  const shape = read(field);
  if (shape.$ref !== undefined) {
    if (shape.$ref.startsWith('#/$defs/Condition')) return 'condition';
    const { $defs } = definitionsSchema.safeParse(root).data ?? { $defs: {} };
    return fieldShape($defs[shape.$ref.replace('#/$defs/', '')], root);
  }
  if (shape.enum !== undefined) return 'choice';
  if (shape.anyOf !== undefined) {
    const shapes = shape.anyOf.filter((each) => read(each).type !== 'null').map((each) => fieldShape(each, root));
    const [first] = shapes;
    if (first !== undefined && shapes.every((each) => each === first || first === 'condition')) return first;
    return 'one of several shapes';
  }
  switch (shape.type) {
    case 'string':
      return 'text';
    case 'number':
    case 'integer':
      return 'number';
    case 'boolean':
      return 'yes or no';
    case 'array':
      return shape.items === undefined ? 'list' : `list of ${fieldShape(shape.items, root)}`;
    case 'object': {
      const names = Object.keys(shape.properties ?? {}).sort();
      if (names.length > 0) return `{${names.join(', ')}}`;
      return `${fieldShape(shape.additionalProperties, root)}s by name`;
    }
    default:
      return 'anything';
  }
}

/** The control that draws a shape without being named; null where one has to be. */
export function controlForShape(shape: string): 'text' | 'number' | 'toggle' | 'select' | null {
  switch (shape) {
    case 'text':
      return 'text';
    case 'number':
      return 'number';
    case 'yes or no':
      return 'toggle';
    case 'choice':
      return 'select';
    default:
      return null;
  }
}
