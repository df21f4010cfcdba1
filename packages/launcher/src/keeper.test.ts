import { expect, test } from 'vitest';
import type { ChildExit } from './child-process.ts';
import { Keeper, type Watched } from './keeper.ts';
import { LocalSetupError } from './local-setup-error.ts';
import { setupProblems } from './messages.ts';

type Fake = Watched & { readonly end: (exit: ChildExit) => void };

function fake(): Fake {
  const { promise, resolve } = Promise.withResolvers<ChildExit>();
  return { exited: promise, lastLines: () => ['the last line'], end: resolve };
}

const killed: ChildExit = { code: null, signal: 'SIGKILL' };

/** A keeper whose clock stands where the test puts it, and whose pauses take no time. */
function world() {
  const said: string[] = [];
  const pauses: number[] = [];
  const failures: LocalSetupError[] = [];
  const at = { ms: 0 };
  const keeper = new Keeper({
    say: (line) => said.push(line),
    delay: async (milliseconds) => pauses.push(milliseconds),
    now: () => at.ms,
    ending: () => failures.length > 0,
    fail: async (error) => void failures.push(error),
  });
  return { keeper, said, pauses, failures, at };
}

test('a part that ends is started again, and both are said', async () => {
  const { keeper, said } = world();
  const [first, second] = [fake(), fake()];
  const starts = [second];
  keeper.keep({ name: 'engine', startAgain: async () => starts.shift() ?? fake() }, first);
  first.end(killed);
  await expect
    .poll(() => said)
    .toEqual(['The engine ended unexpectedly (SIGKILL). Starting it again.', 'The engine is running again.']);
});

test('ends more than a minute apart are never too many', async () => {
  const { keeper, said, pauses, failures, at } = world();
  const children = Array.from({ length: 12 }, fake);
  let running = 0;
  const startAgain = async () => {
    running += 1;
    return children[running] ?? fake();
  };
  keeper.keep({ name: 'engine', startAgain }, children[0] ?? fake());
  for (let end = 0; end < 11; end += 1) {
    at.ms += 61_000;
    children[end]?.end(killed);
    await expect.poll(() => said.filter((line) => line.endsWith('running again.'))).toHaveLength(end + 1);
  }
  expect(failures).toEqual([]);
  expect(pauses, 'each is the first for a minute').toEqual(Array.from({ length: 11 }, () => 500));
});

test('each end within a minute is waited after twice as long as the one before, until it is given up', async () => {
  const { keeper, said, pauses, failures } = world();
  const children = Array.from({ length: 5 }, fake);
  const next = children.values();
  const startAgain = async () => next.next().value ?? fake();
  keeper.keep({ name: 'engine', startAgain }, await startAgain());
  for (const [ended, child] of children.entries()) {
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000].slice(0, ended));
    child.end(killed);
    await expect
      .poll(() => said.filter((line) => line.endsWith('running again.')).length + failures.length)
      .toBe(ended + 1);
  }
  expect(failures[0]?.problem).toContain('The engine ended 5 times');
  expect(pauses).toEqual([500, 1_000, 2_000, 4_000]);
});

test('one that cannot be started is given up after five tries, however long each takes, with the reason', async () => {
  const { keeper, pauses, failures, at } = world();
  const first = fake();
  keeper.keep(
    {
      name: 'database',
      startAgain: async () => {
        at.ms += 50_000;
        throw new LocalSetupError(setupProblems.databaseStart('no space left on device'));
      },
    },
    first,
  );
  first.end({ code: 1, signal: null });
  await expect.poll(() => failures).toHaveLength(1);
  expect(failures[0]?.problem).toContain('The database ended 5 times');
  expect(failures[0]?.problem).toContain('no space left on device');
  expect(pauses).toEqual([500, 1_000, 1_000, 2_000, 4_000]);
});

test('when several end at once, one that needs the others waits until they run', async () => {
  const { keeper } = world();
  const order: string[] = [];
  const gate = Promise.withResolvers<Watched>();
  const [database, engine] = [fake(), fake()];
  keeper.keep({ name: 'database', startAgain: () => gate.promise.finally(() => order.push('database')) }, database);
  keeper.keep(
    {
      name: 'engine',
      needs: ['database', 'temporal'],
      startAgain: async () => {
        order.push('engine');
        return fake();
      },
    },
    engine,
  );
  engine.end(killed);
  database.end(killed);
  await new Promise(setImmediate);
  gate.resolve(fake());
  await expect.poll(() => order).toEqual(['database', 'engine']);
});
