import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, posix, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkControls } from './control-catalogue.ts';

/**
 * Folders in which one file is one thing: whatever a file exports with `define…(…)` stands in the folder's catalogue, which is
 * generated, sorted and checked in. It is the only other file that a new one touches.
 */
export type Catalogue = {
  /** From the root. */
  readonly folder: string;
  /** The function that makes one. */
  readonly define: string;
  /** What the generated file imports besides the files of the folder, by the module. */
  readonly imports: ReadonlyArray<{ readonly from: string; readonly line: string }>;
  /** What the file holds below its imports, by what the folder's files define. */
  readonly body: (names: readonly string[]) => readonly string[];
};

/** A catalogue that is a list; `more` stands after it. */
function listOf(options: {
  readonly type: string;
  readonly from: string;
  readonly list: string;
  readonly says: string;
  readonly more?: (names: readonly string[]) => readonly string[];
}): Pick<Catalogue, 'imports' | 'body'> {
  const { type, from, list, says, more = () => [] } = options;
  return {
    imports: [{ from, line: `import type { ${type} } from '${from}';` }],
    body: (names) => [
      `/** ${says} */`,
      `export const ${list}: readonly ${type}[] = [`,
      ...names.map((name) => `  ${name},`),
      '];',
      ...more(names),
    ],
  };
}

export const catalogues: readonly Catalogue[] = [
  {
    folder: 'packages/nodes/src/library',
    define: 'defineNode',
    ...listOf({
      type: 'AnyNode',
      from: '../define/define-node.ts',
      list: 'catalogue',
      says: 'Every node of the library, by group and type.',
      more: (names) => [
        '',
        '/** The nodes by their wire name. */',
        'export const nodeByType: ReadonlyMap<string, AnyNode> = new Map(catalogue.map((node) => [node.type, node]));',
        '',
        '/** The nodes with their types: what flows in code derive their steps from. */',
        'export type Library =',
        `${names.map((name) => `  | typeof ${name}`).join('\n')};`,
      ],
    }),
  },
  {
    folder: 'packages/nodes/src/gate',
    define: 'defineRule',
    ...listOf({ type: 'GateRule', from: './define-rule.ts', list: 'rules', says: 'Every rule of the gate.' }),
  },
  {
    folder: 'packages/engine/src/providers',
    define: 'defineProvider',
    ...listOf({ type: 'Provider', from: './provider.ts', list: 'providers', says: 'Every provider of the folder.' }),
  },
  {
    folder: 'packages/demo-carrier/src/dialects',
    define: 'defineDialect',
    ...listOf({
      type: 'Dialect',
      from: './define-dialect.ts',
      list: 'dialects',
      says: 'Every API that the carrier speaks.',
    }),
  },
  {
    folder: 'packages/engine/src/sweeps',
    define: 'defineSweep',
    ...listOf({ type: 'Sweep', from: './define-sweep.ts', list: 'sweeps', says: 'Every sweep of the folder.' }),
  },
  {
    folder: 'packages/engine/src/notices',
    define: 'defineNotice',
    ...listOf({ type: 'NoticeKind', from: './define-notice.ts', list: 'noticeKinds', says: 'Every kind of notice.' }),
  },
  {
    folder: 'packages/engine/src/cohorts/effects',
    define: 'defineEffect',
    imports: [
      {
        from: '@signalbox/nodes/define/ports',
        line: "import type { Ports } from '@signalbox/nodes/define/ports';",
      },
      { from: '../cohort-rows.ts', line: "import type { CohortRow } from '../cohort-rows.ts';" },
      { from: './define-effect.ts', line: "import type { AtStep, EffectContext } from './define-effect.ts';" },
    ],
    body: (names) => [
      '/** Every port, opened for one step call. */',
      'export function openEffects(context: EffectContext) {',
      '  return {',
      ...names.map((name) => `    ${name}: ${name}.open(context),`),
      '  };',
      '}',
      '',
      '/** The ports of a step call, bound to one person at a step. */',
      'export function bindEffects(opened: ReturnType<typeof openEffects>, row: CohortRow, at: AtStep): Ports {',
      '  return {',
      ...names.map((name) => `    ${name}: opened.${name}.bind(row, at),`),
      '  };',
      '}',
    ],
  },
];

type Entry = { readonly path: string; readonly name: string };

/** What the folder's files define, by path. */
function entriesOf(root: string, { folder, define }: Catalogue): Entry[] {
  const shape = new RegExp(`^export const (\\w+)(?:: \\w+)? = ${define}(?:<.*>)?\\(`, 'gm');
  const visit = (at: string): Entry[] =>
    readdirSync(join(root, folder, at), { withFileTypes: true }).flatMap((entry) => {
      const path = posix.join(at, entry.name);
      if (entry.isDirectory()) return visit(path);
      if (!/^[a-z0-9-]+\.ts$/.test(entry.name)) return [];
      const source = readFileSync(join(root, folder, path), 'utf8');
      return [...source.matchAll(shape)].map(([, name = '']) => ({ path: `./${path}`, name }));
    });
  return visit('.').sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The text of a folder's `catalogue.gen.ts`. */
export function catalogueSource(
  root: string,
  catalogue: Catalogue,
): { readonly source: string; readonly size: number } {
  const entries = entriesOf(root, catalogue);
  const lines = [
    '// Generated from the files beside by `pnpm catalogue`. Do not edit.',
    ...[
      ...catalogue.imports.map(({ from, line }) => ({ key: from, line })),
      ...entries.map(({ path, name }) => ({ key: path, line: `import { ${name} } from '${path}';` })),
    ]
      .sort((a, b) => distance(a.key) - distance(b.key) || (a.key < b.key ? -1 : 1))
      .map(({ line }) => line),
    '',
    ...catalogue.body(entries.map(({ name }) => name)),
    '',
  ];
  return { source: lines.join('\n'), size: entries.length };
}

/** Packages come before files above, and those before files beside, as the formatter sorts imports. */
const distance = (path: string): number => (path.startsWith('./') ? 2 : path.startsWith('../') ? 1 : 0);

/** What differs from its folder, a line each; with `write` it is written instead. */
export function checkCatalogues(root: string, write = false): string[] {
  const present = catalogues.filter(({ folder }) => existsSync(join(root, folder)));
  if (present.length === 0) return [`no catalogues under ${root}`];
  const own = present.flatMap((catalogue) => {
    const path = join(root, catalogue.folder, 'catalogue.gen.ts');
    const { source, size } = catalogueSource(root, catalogue);
    if (size === 0) return [`${catalogue.folder} has nothing made by ${catalogue.define}`];
    if (write) writeFileSync(path, source);
    else if (read(path) !== source)
      return [
        `${catalogue.folder}/catalogue.gen.ts differs from its folder. Run \`npx pnpm catalogue\` and commit the result.`,
      ];
    return [];
  });
  return [...own, ...checkControls(root, write)];
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const problems = checkCatalogues(resolve(import.meta.dirname, '..'), !process.argv.includes('--check'));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}
