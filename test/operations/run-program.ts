import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '@signalbox/engine/main/repository-root';

/** Runs a command of the engine, `packages/engine/src/main/<name>.ts`; resolves to what it printed and how it ended. */
export function runProgram(
  name: string,
  options: { readonly env: NodeJS.ProcessEnv; readonly args?: readonly string[] },
): Promise<{ readonly code: number; readonly said: string }> {
  const script = join(repositoryRoot, `packages/engine/src/main/${name}.ts`);
  const run = promisify(execFile)(process.execPath, [script, ...(options.args ?? [])], {
    env: options.env,
    cwd: repositoryRoot,
  });
  return run.then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    (error: unknown) => {
      const { code, stdout, stderr } = Object.assign({ code: -1, stdout: '', stderr: '' }, error);
      return { code, said: `${stdout}${stderr}` };
    },
  );
}
