import { parseAst } from 'vitest/node';

/** A part of a parsed source, as ESTree has it. `start` and `end` count characters; what else it holds depends on its type. */
export type SourceNode = {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [part: string]: unknown;
};

/** Parses TypeScript, with elements where the file's name says so. @throws Error for what is none. */
export function parseSource(path: string, source: string): SourceNode {
  return { ...parseAst(source, { lang: path.endsWith('x') ? 'tsx' : 'ts', sourceType: 'module' }, path) };
}

export function isNode(value: unknown): value is SourceNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** The nodes in what a part holds: one, several or none. */
export const nodesIn = (held: unknown): SourceNode[] => (Array.isArray(held) ? held : [held]).filter(isNode);

/** The parts of a node, types left out, by the name under which it holds them. */
export function valuesIn(node: SourceNode): ReadonlyArray<readonly [name: string, part: SourceNode]> {
  return Object.entries(node).flatMap(([name, held]) =>
    nodesIn(held)
      .filter((part) => !part.type.startsWith('TS') || isNode(part.expression))
      .map((part) => [name, part] as const),
  );
}

/** Calls `visit` for a node and every value in it, from the outside in, with what each stands in, innermost last. */
export function walkValues(
  node: SourceNode,
  visit: (node: SourceNode, around: readonly SourceNode[]) => void,
  around: readonly SourceNode[] = [],
): void {
  visit(node, around);
  for (const [, part] of valuesIn(node)) walkValues(part, visit, [...around, node]);
}

/** The name that an identifier, or a text in its place, says; null for anything else. */
export function nameOf(node: unknown): string | null {
  if (!isNode(node)) return null;
  if (node.type === 'Identifier' || node.type === 'JSXIdentifier') return String(node.name);
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : null;
}

/** The property that `a.b`, `a?.b` or `a['b']` reads; null where its name is put together or the node is nothing of the kind. */
export function propertyOf(node: SourceNode): string | null {
  if (node.type !== 'MemberExpression') return null;
  const { property, computed } = node;
  return computed === true && isNode(property) && property.type === 'Identifier' ? null : nameOf(property);
}

/** The 1-based line of a place in a source. */
export const lineAt = (source: string, at: number): number => source.slice(0, at).split('\n').length;
