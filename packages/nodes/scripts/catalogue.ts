import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Writes `src/library/catalogue.gen.ts` from the files in the library; with `--check` only compares. */
const library = new URL('../src/library/', import.meta.url);
const target = new URL('catalogue.gen.ts', library);

const nodes = readdirSync(library, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name: group }) =>
    readdirSync(new URL(`${group}/`, library))
      .filter((file) => /^[a-z0-9-]+\.ts$/.test(file))
      .map((file) => ({ path: `./${group}/${file}`, name: camelCase(file.slice(0, -'.ts'.length)) })),
  )
  .sort((left, right) => (left.path < right.path ? -1 : 1));

const source = [
  '// Generated from the folders beside by `pnpm catalogue`. Do not edit.',
  "import type { AnyNode } from '../define/define-node.ts';",
  ...nodes.map(({ path, name }) => `import { ${name} } from '${path}';`),
  '',
  '/** Every node of the library, by group and type. */',
  'export const catalogue: readonly AnyNode[] = [',
  ...nodes.map(({ name }) => `  ${name},`),
  '];',
  '',
  '/** The nodes by their wire name. */',
  'export const nodeByType: ReadonlyMap<string, AnyNode> = new Map(catalogue.map((node) => [node.type, node]));',
  '',
].join('\n');

if (process.argv.includes('--check')) {
  if (read() !== source) {
    console.error(
      'The catalogue of nodes differs from the node folder. Run `npx pnpm catalogue` and commit the result.',
    );
    process.exitCode = 1;
  }
} else {
  writeFileSync(target, source);
  console.log(`Wrote the catalogue: ${nodes.length} nodes`);
}

function read(): string {
  try {
    return readFileSync(target, 'utf8');
  } catch {
    return '';
  }
}

function camelCase(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
