import type { AnyNode } from '@signalbox/nodes/define/define-node';
import { configJsonSchema } from '@signalbox/nodes/define/json-schema';
import type { FlowGraph, Step } from '@signalbox/nodes/flow/graph';
import { z } from 'zod';
import { unknownField } from '../http/field-errors.ts';
import { ProblemError } from '../http/problems.ts';

type Path = ReadonlyArray<string | number>;

const schemaSchema = z.record(z.string(), z.unknown());
const branchesSchema = z.array(schemaSchema);
type JsonSchema = z.infer<typeof schemaSchema>;

/** A key of a step's config that its node does not know. */
type UnknownKey = { readonly step: Step; readonly path: Path; readonly name: string };

/**
 * Keys of configs that the library's nodes do not know, by their path in the graph. Steps of types or versions that this library does not
 * have are left to the flow's problems.
 */
export function unknownConfigKeys(nodes: ReadonlyMap<string, AnyNode>, graph: FlowGraph): UnknownKey[] {
  return graph.steps.flatMap((step, index) => {
    const node = nodes.get(step.type);
    if (node?.version !== step.version) return [];
    const root = schemaOf(node);
    return keysOutside(step.config, [root], root, ['steps', index, 'config']).map(({ path, name }) => ({
      step,
      path,
      name,
    }));
  });
}

const known = new WeakMap<AnyNode, JsonSchema>();

function schemaOf(node: AnyNode): JsonSchema {
  const schema = known.get(node) ?? configJsonSchema(node);
  known.set(node, schema);
  return schema;
}

/**
 * Refuses a graph whose configs have keys that their nodes do not know.
 *
 * @param earlier gives the graphs that the flow has had: what one of them holds at its step may be sent back with it.
 * @throws ProblemError `validation_failed` that names each.
 */
export async function requireKnownConfigs(
  nodes: ReadonlyMap<string, AnyNode>,
  graph: FlowGraph,
  earlier: () => Promise<readonly FlowGraph[]>,
): Promise<void> {
  const unknown = unknownConfigKeys(nodes, graph);
  if (unknown.length === 0) return;
  const known = new Set((await earlier()).flatMap((before) => unknownConfigKeys(nodes, before).map(placeInStep)));
  const errors = unknown
    .filter((key) => !known.has(placeInStep(key)))
    .map(({ path, name }) => unknownField(['graph', ...path], name));
  if (errors.length > 0) throw new ProblemError('validation_failed', { errors });
}

/** Where a key stands in its step, whatever place the step has in its graph. */
function placeInStep({ step, path, name }: UnknownKey): string {
  return JSON.stringify([step.id, step.type, ...path.slice(2), name]);
}

function keysOutside(
  value: unknown,
  given: readonly JsonSchema[],
  root: JsonSchema,
  path: Path,
): Array<{ readonly path: Path; readonly name: string }> {
  const schemas = given.flatMap((schema) => formsOf(schema, root));
  if (Array.isArray(value)) {
    const items = schemas.flatMap((schema) => asSchema(schema.items));
    return value.flatMap((item, index) => keysOutside(item, items, root, [...path, index]));
  }
  if (typeof value !== 'object' || value === null) return [];
  const objects = schemas.filter((schema) => schema.type === 'object');
  // Where no form is an object, or one takes any, the flow's problems say what does not fit.
  if (objects.length === 0 || schemas.some((schema) => Object.keys(schema).length === 0)) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const known = objects.flatMap((schema) => {
      const property = schemaSchema.safeParse(schema.properties).data?.[name] ?? schema.additionalProperties;
      return asSchema(property);
    });
    return known.length === 0 ? [{ path, name }] : keysOutside(inner, known, root, [...path, name]);
  });
}

function asSchema(value: unknown): JsonSchema[] {
  const { data } = schemaSchema.safeParse(value);
  return data === undefined ? [] : [data];
}

/** A schema with what it refers to and the forms that it can have, each by itself. */
function formsOf(schema: JsonSchema, root: JsonSchema): JsonSchema[] {
  if (typeof schema.$ref === 'string') {
    const name = schema.$ref.replace('#/$defs/', '');
    const target = schema.$ref === '#' ? root : schemaSchema.safeParse(root.$defs).data?.[name];
    return formsOf(schemaSchema.parse(target), root);
  }
  const forms = branchesSchema.safeParse(schema.anyOf ?? schema.oneOf ?? schema.allOf).data;
  return forms === undefined ? [schema] : forms.flatMap((form) => formsOf(form, root));
}
