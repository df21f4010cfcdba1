import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LocalSetupError } from './local-setup-error.ts';
import { setupProblems } from './messages.ts';

const pinnedMajor = 24;

/**
 * Goes on under the pinned Node when this one is older: runs the same script there and resolves to its exit code.
 * Resolves to nothing when this Node will do.
 * @throws LocalSetupError `node_too_old` when the pinned one is not installed.
 */
export async function rerunUnderPinnedNode(
  root: string,
  version: string = process.versions.node,
): Promise<number | undefined> {
  if (Number(version.split('.')[0]) >= pinnedMajor) return undefined;
  const pinned = join(root, 'node_modules/node/bin/node');
  if (!existsSync(pinned)) throw new LocalSetupError(setupProblems.nodeTooOld(version));
  const child = spawn(pinned, process.argv.slice(1), { stdio: 'inherit' });
  // The terminal sends Ctrl-C to both; the child decides how to end. Other signals are passed on.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  await once(child, 'exit');
  return child.exitCode ?? 1;
}
