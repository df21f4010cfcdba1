import { z } from 'zod';
import type { AnyNode } from './define-node.ts';

/** The JSON Schema (2020-12) of what a step's config may be given as, with the UI hints under `ui`. */
export function configJsonSchema(node: Pick<AnyNode, 'config'>): Record<string, unknown> {
  return { ...z.toJSONSchema(node.config, { io: 'input', target: 'draft-2020-12' }) };
}
