import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freeNames } from './free-names.ts';
import { isNode, nameOf, parseSource, propertyOf, type SourceNode, walkValues } from './parse-source.ts';

/** A place where a source reaches the environment of its process, in the source's own words. */
export type EnvironmentRead = { readonly path: string; readonly text: string };

/** The globals by which a source comes to `process`. */
const ways = new Set(['process', 'global', 'globalThis', 'self']);

/** What says more of a read than the read itself. */
const telling = new Set(['MemberExpression', 'CallExpression', 'VariableDeclarator']);

const textOf = (source: string, { start, end }: SourceNode): string => source.slice(start, end).replace(/\s+/g, ' ');

/** Whether a use takes one property of the process that is not its environment: anything else may lead there. */
function isElsewhere(name: string, use: SourceNode): boolean {
  const property = propertyOf(use);
  if (property === null) return false;
  return name === 'process' ? property !== 'env' : property !== 'process';
}

/** What a source reads of the environment, or by what it could. */
export function environmentReads(path: string, source: string): EnvironmentRead[] {
  const program = parseSource(path, source);
  const reads = freeNames(program)
    .filter(({ name, around }) => ways.has(name) && !isElsewhere(name, around.at(-1) ?? program))
    .map(({ node, around }) => {
      const parent = around.at(-1);
      const [taken, outer] = parent?.type === 'MemberExpression' ? [parent, around.at(-2)] : [node, parent];
      const says = outer !== undefined && telling.has(outer.type) ? outer : taken;
      return { path, text: textOf(source, says) };
    });
  walkValues(program, (node) => {
    const from = isNode(node.source) ? nameOf(node.source) : null;
    if (from === 'node:process' || from === 'process') reads.push({ path, text: textOf(source, node) });
  });
  return reads;
}

/** The product's own sources of a package, by path from its `src`. */
const sourcesOf = (root: string, name: string): string[] =>
  globSync('**/*.ts', { cwd: join(root, 'packages', name, 'src') })
    .filter((path) => !path.endsWith('.test.ts'))
    .sort();

/** Every place in the engine that reads the environment. */
export function engineReads(root: string): EnvironmentRead[] {
  return sourcesOf(root, 'engine').flatMap((path) =>
    environmentReads(path, readFileSync(join(root, 'packages/engine/src', path), 'utf8')),
  );
}

/** The product's files that name what ends a process at a crash point. */
export function armingFiles(root: string): string[] {
  return ['engine', 'launcher', 'nodes', 'demo-carrier'].flatMap((name) =>
    sourcesOf(root, name)
      .map((path) => `packages/${name}/src/${path}`)
      .filter((path) => readFileSync(join(root, path), 'utf8').includes('endingFailPoints')),
  );
}
