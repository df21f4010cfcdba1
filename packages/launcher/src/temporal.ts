import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type ChildRegistry, type RunningChild, startChild } from './child-process.ts';
import { namespaceAnswers } from './grpc-probe.ts';
import { LocalSetupError } from './local-setup-error.ts';
import { setupProblems } from './messages.ts';
import { findFreePort, loopback } from './ports.ts';
import { stopSteps } from './stop-order.ts';
import { findTemporal } from './temporal-binary.ts';

export interface TemporalOptions {
  /** The file that keeps its state; in memory when absent. */
  readonly dbFile?: string;
  /** A free one is found when absent. */
  readonly port?: number;
  /** The operators' web view; off when absent. */
  readonly uiPort?: number;
  readonly cacheDir: string;
  /** Gets the server's own lines. */
  readonly log?: (line: string) => void;
  /** Gets what a person should see, such as a download; `log` when absent. */
  readonly say?: (line: string) => void;
  readonly children?: ChildRegistry;
}

export interface TemporalServer {
  /** `host:port` of its gRPC service. */
  readonly address: string;
  readonly namespace: string;
  readonly pid: number;
  readonly exited: RunningChild['exited'];
  readonly lastLines: RunningChild['lastLines'];
  readonly stop: () => Promise<void>;
}

const namespace = 'default';

function serverArguments(options: TemporalOptions, port: number): string[] {
  const file = options.dbFile;
  return [
    'server',
    'start-dev',
    '--ip',
    loopback,
    '--port',
    String(port),
    ...(options.uiPort === undefined ? ['--headless'] : ['--ui-port', String(options.uiPort)]),
    // Its own defaults for a file are about three times slower; with the write-ahead log, "normal" survives a crash.
    ...(file === undefined
      ? []
      : ['--db-filename', file, '--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=normal']),
    '--dynamic-config-value',
    'matching.numTaskqueueReadPartitions=1',
    '--dynamic-config-value',
    'matching.numTaskqueueWritePartitions=1',
    '--log-level',
    'error',
    '--disable-config-file',
    '--disable-config-env',
  ];
}

async function waitUntilReady(child: RunningChild, address: string): Promise<boolean> {
  for (let attempt = 0; attempt < 600 && !child.ended(); attempt += 1) {
    if (await namespaceAnswers(address, namespace, 2_000)) return true;
    await delay(50);
  }
  return false;
}

/**
 * Starts Temporal's development server on loopback and waits until it serves its namespace.
 * @throws LocalSetupError as `findTemporal`, or `temporal_start_failed`.
 */
export async function startTemporal(options: TemporalOptions): Promise<TemporalServer> {
  const say = options.say ?? options.log;
  const command = await findTemporal({
    cacheDir: options.cacheDir,
    ...(say === undefined ? {} : { log: say }),
    ...(options.children === undefined ? {} : { children: options.children }),
  });
  if (options.dbFile !== undefined) mkdirSync(dirname(options.dbFile), { recursive: true });
  let detail = '';
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const port = options.port ?? (await findFreePort());
    const address = `${loopback}:${port}`;
    const child = await startChild({
      name: 'temporal',
      command,
      args: serverArguments(options, port),
      stopSteps: stopSteps('temporal'),
      ...(options.log === undefined ? {} : { onLine: options.log }),
      ...(options.children === undefined ? {} : { children: options.children }),
    });
    if (await waitUntilReady(child, address)) {
      return {
        address,
        namespace,
        pid: child.pid,
        exited: child.exited,
        lastLines: child.lastLines,
        stop: async () => {
          await child.stop();
        },
      };
    }
    await child.stop();
    detail = child.lastLines().slice(-3).join(' ');
    if (options.port !== undefined || !/address already in use|can't listen|already bound/i.test(detail)) break;
  }
  throw new LocalSetupError(setupProblems.temporalStart(detail));
}
