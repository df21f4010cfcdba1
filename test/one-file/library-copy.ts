import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { checkCatalogues } from '../../scripts/catalogues.ts';

const repository = resolve(import.meta.dirname, '../..');

/** A copy of the library, the engine, the editor and the folder of flows in code, which find each other there. */
export type LibraryCopy = {
  readonly folder: string;
  /** Writes a file of the library, by its path in `packages/nodes`. */
  readonly write: (path: string, text: string) => void;
  /** Puts lines into a file of the packages, by its path from there, right after the first place that says `after`. */
  readonly insert: (path: string, after: string, lines: string) => void;
  /** Writes a flow in code; returns where it stands. */
  readonly writeFlow: (name: string, text: string) => string;
  /** What the compiler says of the flows in code, a line each. */
  readonly flowErrors: () => Promise<readonly string[]>;
  /** Does what `pnpm catalogue` does, in the copy. */
  readonly regenerate: () => void;
  /** Files of the packages that were written or changed since the copy was made. */
  readonly changed: () => string[];
  /** Imports a module of the copied library. */
  readonly load: (path: string) => Promise<Record<string, unknown>>;
  /** Runs a module in a process of its own, in a copied package; returns what it prints, read as JSON. */
  readonly inPackage: (name: 'engine' | 'editor', source: string) => Promise<unknown>;
  /** The same for a module with JSX, which is built as the editor is, for Node. */
  readonly rendered: (source: string) => Promise<unknown>;
  readonly remove: () => void;
};

/**
 * Makes one in a temporary folder. Dependencies are those that are installed.
 *
 * @param without files of the repository, by path from `packages`, that the copy is to be without: a tutorial may have been followed.
 * @param from the repository, or a copy of it.
 */
export function copyLibrary(without: readonly string[] = [], from: string = repository): LibraryCopy {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-library-'));
  for (const part of [
    'nodes/src',
    'nodes/package.json',
    'engine/src',
    'engine/package.json',
    'editor/src',
    'editor/package.json',
    'editor/vite.config.ts',
  ]) {
    cpSync(join(from, 'packages', part), join(folder, 'packages', part), { recursive: true });
  }
  symlinkSync(join(repository, 'packages/nodes/node_modules'), join(folder, 'packages/nodes/node_modules'));
  link(join(repository, 'packages/editor/node_modules'), join(folder, 'packages/editor/node_modules'), {
    '@signalbox/nodes': join(folder, 'packages/nodes'),
  });
  link(join(repository, 'packages/engine/node_modules'), join(folder, 'packages/engine/node_modules'), {
    '@signalbox/nodes': join(folder, 'packages/nodes'),
  });
  cpSync(join(repository, 'workflows/package.json'), join(folder, 'workflows/package.json'));
  link(join(repository, 'workflows/node_modules'), join(folder, 'workflows/node_modules'), {
    '@signalbox/nodes': join(folder, 'packages/nodes'),
    '@signalbox/engine': join(folder, 'packages/engine'),
  });
  for (const path of without) rmSync(join(folder, 'packages', path), { force: true });
  const regenerate = (): void => {
    const problems = checkCatalogues(folder, true);
    if (problems.length > 0) throw new Error(problems.join('\n'));
  };
  regenerate();
  const sources = ['nodes/src', 'engine/src', 'editor/src'];
  const before = digests(join(folder, 'packages'), sources);
  const run = promisify(execFile);
  return {
    folder,
    write: (path, text) => writeFileSync(join(folder, 'packages/nodes', path), text),
    insert: (path, after, lines) => {
      const file = join(folder, 'packages', path);
      const text = readFileSync(file, 'utf8');
      const at = text.indexOf(after);
      if (at === -1) throw new Error(`${path} has no ${after}`);
      writeFileSync(file, `${text.slice(0, at + after.length)}${lines}${text.slice(at + after.length)}`);
    },
    writeFlow: (name, text) => {
      const path = join(folder, 'workflows', name);
      writeFileSync(path, text);
      return path;
    },
    flowErrors: async () => {
      const project = join(folder, 'tsconfig.json');
      const options = { typeRoots: [join(repository, 'node_modules/@types')] };
      const settings = { extends: join(repository, 'tsconfig.json'), compilerOptions: options, include: ['workflows'] };
      writeFileSync(project, JSON.stringify(settings));
      const said = run(join(repository, 'node_modules/.bin/tsc'), ['-p', project, '--pretty', 'false'], {
        cwd: folder,
      });
      const { stdout } = await said.catch((error: unknown) => z.looseObject({ stdout: z.string() }).parse(error));
      return stdout.split('\n').filter((line) => line !== '');
    },
    regenerate,
    changed: () => {
      const after = digests(join(folder, 'packages'), sources);
      return [...after].filter(([path, digest]) => before.get(path) !== digest).map(([path]) => path);
    },
    load: (path) => import(pathToFileURL(join(folder, 'packages/nodes', path)).href),
    inPackage: async (name, source) => {
      const file = join(folder, 'packages', name, 'src/question.ts');
      writeFileSync(file, source);
      try {
        const { stdout } = await run(process.execPath, [file]);
        return JSON.parse(stdout);
      } finally {
        rmSync(file);
      }
    },
    rendered: async (source) => {
      const editor = join(folder, 'packages/editor');
      const file = join(editor, 'src/question.tsx');
      writeFileSync(file, source);
      try {
        const built = ['build', '--ssr', 'src/question.tsx', '--outDir', 'built', '--logLevel', 'error'];
        await run(process.execPath, ['node_modules/vite/bin/vite.js', ...built], { cwd: editor });
        const { stdout } = await run(process.execPath, [join(editor, 'built/question.js')]);
        return JSON.parse(stdout);
      } finally {
        rmSync(file);
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Links every installed package of a folder but those that are replaced. */
function link(from: string, to: string, replaced: Readonly<Record<string, string>>): void {
  mkdirSync(to, { recursive: true });
  const names = readdirSync(from, { withFileTypes: true }).flatMap((entry) =>
    entry.name.startsWith('@')
      ? readdirSync(join(from, entry.name)).map((name) => `${entry.name}/${name}`)
      : [entry.name],
  );
  for (const name of names) {
    if (name.startsWith('.')) continue;
    if (name.startsWith('@')) mkdirSync(join(to, name, '..'), { recursive: true });
    symlinkSync(replaced[name] ?? join(from, name), join(to, name));
  }
}

function digests(base: string, folders: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const folder of folders) {
    for (const entry of readdirSync(join(base, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      found.set(path.slice(base.length + 1), createHash('sha256').update(readFileSync(path)).digest('hex'));
    }
  }
  return found;
}

/** The TypeScript blocks of CONTRIBUTING.md: the node that it teaches, and its cases. */
export function taughtNode(): { readonly node: string; readonly cases: string } {
  const text = readFileSync(join(repository, 'CONTRIBUTING.md'), 'utf8');
  const blocks = [...text.matchAll(/ {3}```ts\n([\s\S]*?) {3}```/g)].map((match) =>
    (match[1] ?? '').replace(/^ {3}/gm, ''),
  );
  const [node, cases] = blocks;
  if (node === undefined || cases === undefined) throw new Error('CONTRIBUTING.md teaches no node');
  return { node, cases };
}
