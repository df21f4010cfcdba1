import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { checkCatalogues } from '../../scripts/catalogues.ts';

const root = resolve(import.meta.dirname, '../..');

/** A copy of the library's, the engine's and the editor's packages, in which the others find the copied library. */
export type LibraryCopy = {
  readonly folder: string;
  /** Writes a file of the library, by its path in `packages/nodes`. */
  readonly write: (path: string, text: string) => void;
  /** Does what `pnpm catalogue` does, in the copy. */
  readonly regenerate: () => void;
  /** Files of the copy that differ from the original's, or are new. */
  readonly changed: () => string[];
  /** Imports a module of the copied library. */
  readonly load: (path: string) => Promise<Record<string, unknown>>;
  /** Runs a module in a process of its own, in a copied package; returns what it prints, read as JSON. */
  readonly inPackage: (name: 'engine' | 'editor', source: string) => Promise<unknown>;
  /** The same for a module with JSX, which is built as the editor is, for Node. */
  readonly rendered: (source: string) => Promise<unknown>;
  readonly remove: () => void;
};

/** Makes one in a temporary folder. Dependencies are those that are installed. */
export function copyLibrary(): LibraryCopy {
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
    cpSync(join(root, 'packages', part), join(folder, 'packages', part), { recursive: true });
  }
  symlinkSync(join(root, 'packages/nodes/node_modules'), join(folder, 'packages/nodes/node_modules'));
  for (const name of ['engine', 'editor']) {
    link(join(root, 'packages', name, 'node_modules'), join(folder, 'packages', name, 'node_modules'), {
      '@signalbox/nodes': join(folder, 'packages/nodes'),
    });
  }
  const run = promisify(execFile);
  return {
    folder,
    write: (path, text) => writeFileSync(join(folder, 'packages/nodes', path), text),
    regenerate: () => {
      const problems = checkCatalogues(folder, true);
      if (problems.length > 0) throw new Error(problems.join('\n'));
    },
    changed: () => {
      const before = digests(join(root, 'packages'), ['nodes/src', 'engine/src', 'editor/src']);
      const after = digests(join(folder, 'packages'), ['nodes/src', 'engine/src', 'editor/src']);
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
  const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
  const blocks = [...text.matchAll(/ {3}```ts\n([\s\S]*?) {3}```/g)].map((match) =>
    (match[1] ?? '').replace(/^ {3}/gm, ''),
  );
  const [node, cases] = blocks;
  if (node === undefined || cases === undefined) throw new Error('CONTRIBUTING.md teaches no node');
  return { node, cases };
}
