import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type ChildRegistry, startChild } from './child-process.ts';
import { LocalSetupError } from './local-setup-error.ts';
import { setupProblems } from './messages.ts';

function newest(path: string): number {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  let latest = 0;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.name !== 'node_modules') latest = Math.max(latest, newest(join(path, entry.name)));
  }
  return latest;
}

/** Whether the built editor is missing or older than what it is built from. */
export function editorIsStale(root: string): boolean {
  const built = join(root, 'packages/editor/dist/index.html');
  if (!existsSync(built)) return true;
  const sources = [
    'packages/editor/src',
    'packages/editor/public',
    'packages/editor/index.html',
    'packages/editor/vite.config.ts',
    'packages/editor/package.json',
    'packages/nodes/src',
  ];
  const builtAt = statSync(built).mtimeMs;
  return sources.some((source) => newest(join(root, source)) > builtAt);
}

/**
 * Builds the editor with Vite.
 * @throws LocalSetupError `editor_build_failed` with the last lines of the build.
 */
export async function buildEditor(root: string, children: ChildRegistry, log: (line: string) => void): Promise<void> {
  const editor = join(root, 'packages/editor');
  const vite = dirname(createRequire(join(editor, 'package.json')).resolve('vite/package.json'));
  const child = await startChild({
    name: 'editor build',
    command: process.execPath,
    args: [join(vite, 'bin/vite.js'), 'build', '--logLevel', 'warn'],
    cwd: editor,
    env: { ...process.env, NODE_ENV: 'production' },
    children,
    onLine: log,
  });
  const exit = await child.exited;
  if (exit.code === 0) return;
  const telling = child.lastLines().filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  throw new LocalSetupError(setupProblems.editorBuild(telling.slice(0, 12).join('\n  ')));
}
