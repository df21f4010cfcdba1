import { setTimeout as delay } from 'node:timers/promises';
import type { ChildRecord, ChildRegistry } from './child-process.ts';
import type { DataFolder } from './data-folder.ts';
import { Keeper, type Part, type Watched } from './keeper.ts';
import { LocalSetupError } from './local-setup-error.ts';
import { terminalTexts } from './messages.ts';
import { endInOrder } from './stop-order.ts';
import type { Terminal } from './terminal.ts';

/** Keeps everything that was started, so that all of it can be ended in order whatever happens. */
export class Launcher {
  readonly children: ChildRegistry;
  readonly #running = new Map<number, ChildRecord>();
  readonly #terminal: Terminal;
  readonly #now: () => number;
  readonly #cleanups: (() => void)[] = [];
  readonly #exit: (code: number) => void;
  readonly #keeper: Keeper;
  #ending: Promise<void> | undefined;

  constructor(options: {
    readonly folder: DataFolder;
    readonly terminal: Terminal;
    readonly now: () => number;
    readonly exit: (code: number) => void;
    /** Waits before a part is started again; real time unless a test says otherwise. */
    readonly delay?: (milliseconds: number) => Promise<unknown>;
  }) {
    const { folder } = options;
    this.#terminal = options.terminal;
    this.#now = options.now;
    this.#exit = options.exit;
    this.children = {
      add: (child) => {
        this.#running.set(child.pid, child);
        folder.children.add(child);
      },
      remove: (pid) => {
        this.#running.delete(pid);
        folder.children.remove(pid);
      },
    };
    this.#cleanups.push(() => folder.release());
    this.#keeper = new Keeper({
      say: options.terminal.say,
      delay: options.delay ?? delay,
      now: options.now,
      ending: () => this.ending,
      fail: (error) => this.fail(error),
    });
  }

  get ending(): boolean {
    return this.#ending !== undefined;
  }

  /** Runs once everything has ended, newest first. */
  onEnd(cleanup: () => void): void {
    this.#cleanups.unshift(cleanup);
  }

  /** Starts a part again whenever it ends by itself, as `Keeper` says. */
  keep(part: Part, child: Watched): void {
    this.#keeper.keep(part, child);
  }

  /** Ends everything in order, then the process. Called again, it only waits. */
  end(code: number): Promise<void> {
    this.#ending ??= this.#endAll(code);
    return this.#ending;
  }

  /** Shows what went wrong, then ends everything. A LocalSetupError is shown in its words, anything else whole. */
  async fail(error: unknown): Promise<void> {
    if (this.ending) return;
    if (error instanceof LocalSetupError) this.#terminal.problem(error);
    else this.#terminal.say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    await this.end(1);
  }

  /** For the second Ctrl-C: no waiting. Data survive it; the next start clears up. */
  endAtOnce(): void {
    for (const { pid } of this.#running.values()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Ended already.
      }
    }
    this.#terminal.say(terminalTexts.stoppedHard);
    this.#exit(1);
  }

  async #endAll(code: number): Promise<void> {
    let startedAt = this.#now();
    // A start under way may add a child while others end: go on until none is left.
    for (let round = 0; round < 5 && this.#running.size > 0; round += 1) {
      await endInOrder([...this.#running.values()], (child) => {
        this.#terminal.done(terminalTexts.stepStopped(child.name), startedAt);
        // Here as well: this process may be gone before it hears of the child's end.
        this.children.remove(child.pid);
        startedAt = this.#now();
      });
    }
    for (const cleanup of this.#cleanups) cleanup();
    if (code === 0) this.#terminal.say(terminalTexts.stopped);
    this.#exit(code);
  }
}
