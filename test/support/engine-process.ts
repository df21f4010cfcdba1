import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type ReadyLine, readyLineSchema } from '@signalbox/engine/main/launcher-protocol';
import { cacheFolderPath } from '@signalbox/launcher/data-folder';
import { withRole } from './cluster.ts';
import { testPasswords } from './global-setup.ts';
import { secretsKey } from './secrets-key.ts';

const main = fileURLToPath(new URL('../../packages/engine/src/main/main.ts', import.meta.url));

const ending = fileURLToPath(new URL('./ending-engine.ts', import.meta.url));

export type EngineProcess = {
  readonly child: ChildProcess;
  /** What it printed so far, a line each. */
  readonly lines: readonly string[];
  /** What it said when it was ready; null where it ended before. */
  readonly ready: ReadyLine | null;
  /** Resolves to the signal or code that ended it. */
  readonly ended: Promise<string | number | null>;
  /** As a power cut; resolves when it is gone. */
  readonly kill: () => Promise<void>;
};

/** Environment of an engine process over a database and a namespace, reached under `url`. */
export function engineEnv(parts: {
  readonly ownerUrl: string;
  readonly temporal: { readonly address: string; readonly namespace: string };
  readonly dataFolder: string;
  readonly url: string;
}): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    DATABASE_URL: withRole(parts.ownerUrl, 'signalbox_app', testPasswords.app),
    DATABASE_ROUTER_URL: withRole(parts.ownerUrl, 'signalbox_router', testPasswords.router),
    TEMPORAL_ADDRESS: parts.temporal.address,
    TEMPORAL_NAMESPACE: parts.temporal.namespace,
    SECRETS_KEY: secretsKey.toString('base64'),
    SIGNALBOX_DATA: parts.dataFolder,
    SIGNALBOX_CACHE: cacheFolderPath(),
    NODE_COMPILE_CACHE: join(cacheFolderPath(), 'compiled'),
    HOST: '127.0.0.1',
    PUBLIC_URL: parts.url,
  };
}

/**
 * Starts the engine's program as a process of its own.
 *
 * @param options.orEnded resolves also where it ends before it is ready: a crash point may lie on the way.
 * @throws Error where it ends before it is ready, unless `orEnded`.
 */
export async function startEngineProcess(
  env: Readonly<Record<string, string>>,
  options: {
    readonly orEnded?: boolean;
    /** The crash point at which it ends itself, as `NAME:VISITS` to let pass. */
    readonly endsAt?: string;
    /** The program of a copy of the engine. */
    readonly program?: string;
  } = {},
): Promise<EngineProcess> {
  const child = spawn(
    process.execPath,
    options.endsAt === undefined ? [options.program ?? main] : [ending, options.endsAt],
    {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const lines: string[] = [];
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => {
    process.stderr.write(chunk);
    complaints += chunk.toString();
  });
  const ended = once(child, 'exit').then(([code, signal]: unknown[]) =>
    typeof signal === 'string' ? signal : typeof code === 'number' ? code : null,
  );
  const endAtExit = () => child.kill('SIGKILL');
  process.once('exit', endAtExit);
  void ended.then(() => process.off('exit', endAtExit));
  const said = new Promise<ReadyLine>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      if (line.includes('"ready":true')) resolve(readyLineSchema.parse(JSON.parse(line)));
    });
  });
  const ready = await Promise.race([said, ended.then(() => null)]);
  if (ready === null && options.orEnded !== true)
    throw new Error(
      `The engine ended with ${String(await ended)} before it was ready:\n${[...lines, complaints].join('\n')}`,
    );
  return {
    child,
    lines,
    ready,
    ended,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
