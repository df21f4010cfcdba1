import {
  engineMessageSchema,
  progressLineSchema,
  type ReadyLine,
  readyLineSchema,
  warningLineSchema,
} from '@signalbox/engine/main/launcher-protocol';
import { type ChildRegistry, type RunningChild, startChild } from './child-process.ts';
import { LocalSetupError } from './local-setup-error.ts';
import { setupProblems } from './messages.ts';
import { stopSteps } from './stop-order.ts';

const readyWaitMs = 180_000;
const linkWaitMs = 10_000;

export interface EngineChild {
  readonly child: RunningChild;
  /** Settles when the engine serves; rejects when it ends before, or takes too long. */
  readonly ready: Promise<ReadyLine>;
  /** Asks for a fresh sign-in link; nothing when the engine does not answer in time. */
  readonly signInLink: () => Promise<string | undefined>;
}

function parseLine(line: string): unknown {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Starts the engine process and speaks the protocol of the engine's `main/launcher-protocol.ts` with it. */
export async function startEngine(options: {
  readonly script: string;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly children: ChildRegistry;
  readonly log: (line: string) => void;
  readonly onProgress: (what: string) => void;
  readonly onWarning: (text: string) => void;
}): Promise<EngineChild> {
  const ready = Promise.withResolvers<ReadyLine>();
  // Nobody may be waiting yet when it fails.
  ready.promise.catch(() => undefined);
  let seen = false;
  const child = await startChild({
    name: 'engine',
    command: process.execPath,
    args: ['--enable-source-maps', options.script],
    cwd: options.cwd,
    env: options.env,
    ipc: true,
    children: options.children,
    stopSteps: stopSteps('engine'),
    onLine: (line, stream) => {
      const value = stream === 'stdout' && !seen ? parseLine(line) : undefined;
      const isReady = readyLineSchema.safeParse(value);
      const progress = progressLineSchema.safeParse(value);
      const warning = warningLineSchema.safeParse(value);
      if (isReady.success) {
        seen = true;
        ready.resolve(isReady.data);
      } else if (progress.success) options.onProgress(progress.data.progress);
      else if (warning.success) options.onWarning(warning.data.warning);
      else options.log(line);
    },
  });
  const timer = setTimeout(() => {
    ready.reject(new LocalSetupError(setupProblems.engineSilent(`${readyWaitMs / 1_000} seconds`)));
  }, readyWaitMs);
  void child.exited.then(({ code, signal }) => {
    const how = signal === null ? `exit code ${code}` : signal;
    ready.reject(new LocalSetupError(setupProblems.childEnded('engine', how, child.lastLines().slice(-12))));
  });
  void ready.promise.finally(() => clearTimeout(timer)).catch(() => undefined);

  const signInLink = (): Promise<string | undefined> =>
    new Promise((resolve) => {
      if (!seen || child.ended()) {
        resolve(undefined);
        return;
      }
      const finish = (url: string | undefined) => {
        clearTimeout(wait);
        child.process.off('message', take);
        resolve(url);
      };
      const take = (message: unknown) => {
        const parsed = engineMessageSchema.safeParse(message);
        if (parsed.success) finish(parsed.data.url);
      };
      const wait = setTimeout(finish, linkWaitMs, undefined);
      child.process.on('message', take);
      child.process.send({ type: 'sign-in-link' }, (error) => {
        if (error !== null) finish(undefined);
      });
    });
  return { child, ready: ready.promise, signInLink };
}
