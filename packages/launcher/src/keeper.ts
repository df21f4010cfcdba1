import type { ChildExit, RunningChild } from './child-process.ts';
import { LocalSetupError } from './local-setup-error.ts';
import { setupProblems, terminalTexts } from './messages.ts';

/** What is seen of anything that runs. */
export type Watched = Pick<RunningChild, 'exited' | 'lastLines'>;

/** A part of a local start that is started again when it ends by itself. */
export interface Part {
  readonly name: string;
  /** Starts it once more, at the address that it had. */
  readonly startAgain: () => Promise<Watched>;
  /** Names of the parts without which it cannot start: it waits until they run. */
  readonly needs?: readonly string[];
}

export interface KeeperOptions {
  readonly say: (line: string) => void;
  readonly delay: (milliseconds: number) => Promise<unknown>;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** True once everything is being ended: nothing is started any more. */
  readonly ending: () => boolean;
  /** Ends everything with the reason. */
  readonly fail: (error: LocalSetupError) => Promise<void>;
}

/** A part is given up when it has ended this often within `withinMs`, or could not be started this often in a row. */
const mostEnds = 5;
const withinMs = 60_000;
const firstPauseMs = 500;

interface History {
  /** When it ended, oldest first. */
  readonly ends: number[];
  failedStarts: number;
}

interface LastEnd {
  readonly how: string;
  readonly lines: readonly string[];
}

function endOf(exit: ChildExit, child: Watched): LastEnd {
  return { how: exit.signal ?? `exit code ${exit.code}`, lines: child.lastLines().slice(-12) };
}

function failedStart(error: unknown): LastEnd {
  const why = error instanceof LocalSetupError ? error.problem : error instanceof Error ? error.message : String(error);
  const [how = '', ...lines] = why.split('\n');
  return { how, lines: lines.map((line) => line.trim()) };
}

/**
 * Starts parts again that end by themselves: after a pause that doubles, said in the terminal, until one has ended five
 * times within a minute. Then everything ends, with the reason.
 */
export class Keeper {
  readonly #options: KeeperOptions;
  /** Settles when the part of that name runs, or is given up. */
  readonly #running = new Map<string, Promise<void>>();

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Keeps a part running, from the child that runs now. */
  keep(part: Part, child: Watched): void {
    this.#watch(part, child, { ends: [], failedStarts: 0 });
  }

  #watch(part: Part, child: Watched, history: History): void {
    void child.exited.then((exit) => {
      if (this.#options.ending()) return;
      this.#running.set(part.name, this.#startAgain(part, endOf(exit, child), history));
    });
  }

  async #startAgain(part: Part, first: LastEnd, history: History): Promise<void> {
    const { say, delay, now, ending, fail } = this.#options;
    let last = first;
    while (!ending()) {
      const at = now();
      history.ends.push(at);
      const recent = history.ends.filter((end) => at - end < withinMs).length;
      const times = Math.max(recent, history.failedStarts);
      if (times >= mostEnds) {
        await fail(new LocalSetupError(setupProblems.givenUp(part.name, times, last.how, last.lines)));
        return;
      }
      say(terminalTexts.startingAgain(part.name, last.how));
      await delay(firstPauseMs * 2 ** (times - 1));
      await Promise.all((part.needs ?? []).map((name) => this.#running.get(name)));
      if (ending()) return;
      try {
        const child = await part.startAgain();
        history.failedStarts = 0;
        say(terminalTexts.runsAgain(part.name));
        this.#watch(part, child, history);
        return;
      } catch (error) {
        history.failedStarts += 1;
        last = failedStart(error);
      }
    }
  }
}
