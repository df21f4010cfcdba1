import { z } from 'zod';
import { type Json, schemasOf } from './operations.ts';

const jsonSchema = z.record(z.string(), z.unknown());

/** What a walk along an answer found: values in fields without a mark that hold one of the canaries, and marked fields that do. */
export type Sightings = { readonly unmarked: string[]; readonly marked: string[] };

/** Looks for canaries in a value, field by field along its schema: below a mark everything is marked. */
export function sightings(document: unknown, schema: Json, value: unknown, canaries: readonly string[]): Sightings {
  const schemas = schemasOf(document);
  const seen: Sightings = { unmarked: [], marked: [] };

  const forms = (given: unknown): Json[] => {
    const form = jsonSchema.safeParse(given).data;
    if (form === undefined) return [];
    if (typeof form['$ref'] === 'string') return forms(schemas[form['$ref'].split('/').at(-1) ?? '']);
    const inner = ['anyOf', 'oneOf', 'allOf'].flatMap((key) => z.array(z.unknown()).safeParse(form[key]).data ?? []);
    return [form, ...inner.flatMap(forms)];
  };
  const visit = (at: unknown, given: readonly unknown[], path: string, marked: boolean): void => {
    const all = given.flatMap(forms);
    const isMarked = marked || all.some((form) => 'x-personal' in form);
    const look = (text: string): void => {
      if (canaries.some((canary) => text.toLowerCase().includes(canary.toLowerCase())))
        seen[isMarked ? 'marked' : 'unmarked'].push(path);
    };
    if (typeof at === 'string') look(at);
    else if (Array.isArray(at)) {
      const items = all.map((form) => form['items']);
      for (const item of at) visit(item, items, `${path}.*`, isMarked);
    } else if (typeof at === 'object' && at !== null) {
      for (const [name, inner] of Object.entries(at)) {
        look(name);
        const fitting = all.map(
          (form) => jsonSchema.safeParse(form['properties']).data?.[name] ?? form['additionalProperties'],
        );
        visit(inner, fitting, `${path}.${name}`, isMarked);
      }
    }
  };
  visit(value, [schema], '', false);
  return { unmarked: [...new Set(seen.unmarked)], marked: [...new Set(seen.marked)] };
}

/** Whether a schema has a mark anywhere. */
export function hasMarks(document: unknown, schema: Json): boolean {
  const schemas = schemasOf(document);
  const visited = new Set<string>();
  const visit = (value: unknown): boolean => {
    if (typeof value !== 'object' || value === null) return false;
    if ('x-personal' in value) return true;
    if ('$ref' in value && typeof value.$ref === 'string') {
      const name = value.$ref.split('/').at(-1) ?? '';
      if (visited.has(name)) return false;
      visited.add(name);
      return visit(schemas[name]);
    }
    return Object.values(value).some(visit);
  };
  return visit(schema);
}
