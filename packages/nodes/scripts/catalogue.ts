import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';

/**
 * Writes `src/library/catalogue.gen.ts` from the files in the library, and `src/define/controls.gen.ts` from what the editor's
 * controls declare; with `--check` only compares.
 */
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

const controlsTarget = new URL('../src/define/controls.gen.ts', import.meta.url);
const forms = new URL('../../editor/src/forms/', import.meta.url);

/** What a control's file declares; it is plain data, so it is read without the rest of the file. */
const declarations = readdirSync(forms)
  .filter((file) => file.endsWith('.control.tsx'))
  .sort()
  .map((file) => {
    const declared = /export const declared = (\{[\s\S]*?\}) satisfies ControlDeclaration;/.exec(
      readFileSync(new URL(file, forms), 'utf8'),
    )?.[1];
    if (declared === undefined) throw new Error(`${file} declares no control`);
    const { name, draws, blank }: { name: string; draws: string[]; blank?: unknown } = runInNewContext(`(${declared})`);
    return `  ${JSON.stringify(name)}: ${JSON.stringify({ draws, blank: blank ?? null })},`;
  });

const controlsSource = [
  '// Generated from `packages/editor/src/forms/*.control.tsx` by `pnpm catalogue`. Do not edit.',
  '/** The controls of the editor: the shapes that each draws, and what a field holds that nobody has filled in yet. */',
  'export const controls = {',
  ...declarations,
  '} as const;',
  '',
].join('\n');

const written = [
  { target, source },
  { target: controlsTarget, source: controlsSource },
];

if (process.argv.includes('--check')) {
  if (written.some((each) => read(each.target) !== each.source)) {
    console.error(
      'The catalogue of nodes and controls differs from their folders. Run `npx pnpm catalogue` and commit the result.',
    );
    process.exitCode = 1;
  }
} else {
  for (const each of written) writeFileSync(each.target, each.source);
  console.log(`Wrote the catalogue: ${nodes.length} nodes, ${declarations.length} controls`);
}

function read(file: URL): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function camelCase(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
