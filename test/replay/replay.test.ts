import { readdirSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { workflowFiles } from '@signalbox/engine/flows/code-registry';
import { bundleWorkflowCode, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { workflowsFolder } from '../support/global-setup.ts';
import { quietTemporal } from '../support/harness.ts';
import { changedHistories, digestsFile } from './digests.ts';
import { historiesFolder, type Situation, situations } from './situations.ts';

type Bundle = { readonly code: string };
type Recorded = { readonly workflowId: string; readonly history: unknown };

const engineFolder = fileURLToPath(new URL('../../packages/engine/', import.meta.url));
const quiet = { log: () => {}, trace: () => {}, debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
let scratch = '';
beforeAll(async () => {
  quietTemporal();
  scratch = await mkdtemp(join(tmpdir(), 'signalbox-replay-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

const read = (situation: Situation): string => readFileSync(new URL(`${situation}.json`, historiesFolder), 'utf8');

/** Replays recorded histories against a bundle; what it objects to, by situation. */
async function replay(bundle: Bundle, which: readonly Situation[] = situations): Promise<Map<string, string>> {
  const recorded: Recorded[] = which.map((situation) => ({
    workflowId: situation,
    history: JSON.parse(read(situation)),
  }));
  const objections = new Map<string, string>();
  const seen = new Set<string>();
  for await (const result of Worker.runReplayHistories({ workflowBundle: bundle, replayName: 'histories' }, recorded)) {
    seen.add(result.workflowId);
    if (result.error !== undefined) objections.set(result.workflowId, result.error.message);
  }
  expect([...seen].sort()).toEqual([...which].sort());
  return objections;
}

test('there is one history for each situation, and no other', () => {
  const files = readdirSync(historiesFolder).sort();
  expect(files).toEqual(situations.map((situation) => `${situation}.json`).sort());
});

test('every history is what was recorded', () => {
  expect(changedHistories(historiesFolder, readFileSync(digestsFile, 'utf8'))).toEqual([]);
});

test('is red for a history that was recorded again, is gone, is new, or whose line was added once more', async () => {
  const folder = join(scratch, 'histories');
  await cp(fileURLToPath(historiesFolder), folder, { recursive: true });
  const path = (file: string) => join(folder, file);
  await writeFile(path('next.json'), `${await readFile(path('next.json'), 'utf8')} `);
  await rm(path('end.json'));
  await writeFile(path('planted.json'), '{}');
  const list = readFileSync(digestsFile, 'utf8');
  const again = list.split('\n').find((line) => line.endsWith('  wait.json')) ?? '';
  expect(changedHistories(pathToFileURL(`${folder}/`), `${list}${again}\n`)).toEqual([
    'end.json: missing',
    'next.json: changed',
    'planted.json: not on the list of what was recorded',
    'wait.json: listed twice',
  ]);
});

/** What a history must show, or it would be the record of something else. */
const marks: Readonly<Record<Situation, readonly RegExp[]>> = {
  next: [/MARKER_RECORDED/, /WORKFLOW_EXECUTION_COMPLETED/],
  sleep: [/TIMER_FIRED/, /WORKFLOW_EXECUTION_COMPLETED/],
  wait: [/MARKER_RECORDED/, /WORKFLOW_EXECUTION_COMPLETED/],
  settle: [/MARKER_RECORDED/, /WORKFLOW_EXECUTION_COMPLETED/],
  end: [/MARKER_RECORDED/, /WORKFLOW_EXECUTION_COMPLETED/],
  fail: [/MARKER_RECORDED/, /WORKFLOW_EXECUTION_COMPLETED/],
  'retried-call': [/ACTIVITY_TASK_COMPLETED/, /step_failed/, /WORKFLOW_EXECUTION_COMPLETED/],
  'failed-cohort': [/ACTIVITY_TASK_FAILED/, /"failCohort"/, /WORKFLOW_EXECUTION_COMPLETED/],
  'continued-first': [/WORKFLOW_EXECUTION_CONTINUED_AS_NEW/],
  'continued-second': [/"continuedExecutionRunId"/],
  'code-flow': [/"winBack"/, /WORKFLOW_EXECUTION_SIGNALED/, /"3600s"/],
  dispatcher: [/"dispatchShard"/, /ACTIVITY_TASK_SCHEDULED/],
};

/** The result of a decision kind, as the ledger returned it, inside a marker. */
const results: Partial<
  Record<
    Situation,
    (result: { outlets: unknown[]; sleeping: unknown[]; parked: number; ended: number; failed: number }) => boolean
  >
> = {
  next: (result) => result.outlets.length === 2,
  sleep: (result) => result.sleeping.length === 1,
  wait: (result) => result.parked === 4,
  settle: (result) => result.parked === 4,
  end: (result) => result.ended === 4,
  fail: (result) => result.failed === 1,
};

for (const situation of situations) {
  test(`the history of ${situation} shows what its name says`, () => {
    const text = read(situation);
    for (const mark of marks[situation]) expect(text).toMatch(mark);
    const shows = results[situation];
    if (shows === undefined) return;
    const payloads = [...text.matchAll(/"data": "([A-Za-z0-9+/=]+)"/g)].map((match) =>
      Buffer.from(match[1] ?? '', 'base64').toString('utf8'),
    );
    const found = payloads
      .filter((payload) => payload.startsWith('{"outlets"') || payload.includes('"parked"'))
      .map((payload) => JSON.parse(payload));
    expect(found.some(shows), JSON.stringify(found)).toBe(true);
  });
}

test('the workflows of today replay every recorded history', async () => {
  expect(await replay({ code: readFileSync(inject('workflowBundle'), 'utf8') })).toEqual(new Map());
});

/** A bundle of the engine's workflows with one of their files altered. */
async function altered(name: string, file: string, from: string, to: string): Promise<Bundle> {
  const folder = join(scratch, name, 'workflows');
  await cp(join(engineFolder, 'src/workflows'), folder, { recursive: true });
  // What workflows share with whoever calls them stands in another room.
  await cp(join(engineFolder, 'src/cohorts/run-contract.ts'), join(scratch, name, 'cohorts/run-contract.ts'));
  const source = await readFile(join(folder, file), 'utf8');
  expect(source.split(from), `${from} stands once in ${file}`).toHaveLength(2);
  await writeFile(join(folder, file), source.replace(from, to));
  const copied = await workflowFiles(workflowsFolder);
  const entry = join(folder, 'entry.ts');
  await writeFile(
    entry,
    [`export * from './index.ts';`, ...copied.map((path) => `export * from ${JSON.stringify(path)};`)].join('\n'),
  );
  return bundleWorkflowCode({
    workflowsPath: entry,
    logger: quiet,
    webpackConfigHook: (config) => ({
      ...config,
      resolve: {
        ...config.resolve,
        modules: [...(config.resolve?.modules ?? ['node_modules']), join(engineFolder, 'node_modules')],
        alias: { ...config.resolve?.alias, '@signalbox/engine/workflows': folder },
      },
    }),
  });
}

const planted: ReadonlyArray<readonly [string, string, string, string, readonly Situation[]]> = [
  [
    'calls the last step first',
    'run-cohorts.ts',
    'Math.min(...ready.map((cohort) => cohort.step))',
    'Math.max(...ready.map((cohort) => cohort.step))',
    ['next'],
  ],
  [
    'sleeps before its first call',
    'run-cohorts.ts',
    'let { call, nextCohort } = input;',
    'let { call, nextCohort } = input;\n  await sleep(1);',
    ['next', 'sleep', 'end'],
  ],
  ['no longer sleeps in its run', 'run-cohorts.ts', 'if (wait > 0) await sleep(wait);', '', ['sleep']],
  [
    'never goes on as a new run',
    'run-cohorts.ts',
    'workflowInfo().continueAsNewSuggested && ',
    'false && ',
    ['continued-first'],
  ],
  [
    'stays a moment for people who park on a reply or a message',
    'run-cohorts.ts',
    'call += 1;',
    'call += 1;\n    if (result.parked > 0) await sleep(1);',
    ['wait', 'settle'],
  ],
  [
    'stays a moment for people who failed',
    'run-cohorts.ts',
    'call += 1;',
    'call += 1;\n    if (result.failed > 0) await sleep(1);',
    ['fail', 'failed-cohort'],
  ],
  [
    'lets a call that cannot be made to work fail its run',
    'step-call.ts',
    'return cohortActivities(summary).regular.failCohort(call);',
    'throw error;',
    ['failed-cohort'],
  ],
  [
    'no longer makes a failed call again with retries',
    'step-call.ts',
    'if (!failedThere(error)) throw error;\n  }\n  return work(regular);',
    'throw error;\n  }\n  return work(regular);',
    ['retried-call'],
  ],
  [
    'waits before it dispatches',
    'dispatch-shard.ts',
    'await dispatch(shard);',
    "await sleep('1s');\n    await dispatch(shard);",
    ['dispatcher'],
  ],
];

for (const [name, file, from, to, situationsHit] of planted) {
  test(`is red for a workflow that ${name}`, async () => {
    const objections = await replay(await altered(name.replaceAll(' ', '-'), file, from, to));
    expect([...objections.keys()]).toEqual(expect.arrayContaining([...situationsHit]));
  }, 60_000);
}
