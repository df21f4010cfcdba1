import { readFileSync } from 'node:fs';
import type { z } from 'zod';

/** A grid of figures that `oracles/` made with other implementations; its scripts say of which versions. */
export function readGrid<Schema extends z.ZodType>(name: string, schema: Schema): z.infer<Schema> {
  return schema.parse(JSON.parse(readFileSync(new URL(`grids/${name}.json`, import.meta.url), 'utf8')));
}
