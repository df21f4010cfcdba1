import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrokenFile } from '@signalbox/engine/flows/code-files';
import { loadCodeFlows, registerCodeFlows } from '@signalbox/engine/flows/code-registry';
import { bundleCodeFlows, openCodeFlows } from '@signalbox/engine/main/code-flows';
import { showId } from '@signalbox/engine/runtime/ids';
import { finishLifecycles } from '@signalbox/engine/sweeps/lifecycles';
import { flow } from '@signalbox/nodes/flow/builder';
import { end } from '@signalbox/nodes/library/end/end';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
import { waitForReply } from '@signalbox/nodes/library/wait/wait-for-reply';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from '../api/client.ts';

let api: ApiHarness;
let folder = '';
beforeAll(async () => {
  api = await startApiHarness();
});
afterAll(() => api.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-workflows-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await api.inTx((tx) => tx.deleteFrom('flows').execute());
});

const flowSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  kind: z.string(),
  state: z.string(),
  triggers: z.array(z.object({ kind: z.string(), value: z.string() })),
  live_version: z.looseObject({ number: z.number() }).nullable(),
  source_problem: z.looseObject({ code: z.string(), title: z.string() }).nullable().default(null),
});
const problemSchema = z.looseObject({
  code: z.string(),
  problems: z.array(z.looseObject({ code: z.string() })).optional(),
});

let files = 0;
function write(name: string, source: string): void {
  files += 1;
  writeFileSync(join(folder, name), `${source}\nexport const nothing${files} = ${files};`);
}

function graph(word: string) {
  const made = flow('x');
  const start = made.step('start', keyword, { keywords: [word] });
  const wait = made.step('wait', waitForReply, { timeout: { amount: 1, unit: 'days' } });
  const done = made.step('done', end, {});
  start.to('next', wait);
  wait.to('replied', done).to('timeout', done);
  return made.graph();
}
const drawn = (word: string, name: string = word) =>
  `export const made = ${JSON.stringify({ name, description: '', graph: graph(word) })};`;
const plain = (name: string, run: string, type = 'check-consent') =>
  `export const definition = { name: '${name}', description: '', steps: { ask: { type: '${type}', config: { purpose: 'marketing' } } } };
export async function ${run}() {}`;

/** Registers the folder as it stands now, from a copy: what a module exports is kept for its path. */
async function register(newFlows: 'live' | 'stopped' = 'live'): Promise<readonly BrokenFile[]> {
  const copy = mkdtempSync(join(tmpdir(), 'signalbox-workflows-'));
  try {
    cpSync(folder, copy, { recursive: true });
    return await registerCodeFlows(api.engine, api.workspaceId, await loadCodeFlows(copy), newFlows);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const list = async () =>
  z.object({ data: z.array(flowSchema) }).parse((await api.call('GET', '/api/v1/flows')).body).data;
async function named(name: string) {
  const found = (await list()).find((each) => each.name === name);
  if (found === undefined) throw new Error(`No flow ${name} among ${(await list()).map((each) => each.name).join()}`);
  return found;
}
const post = async (id: string, action: string) => {
  const answer = await api.call('POST', `/api/v1/flows/${id}/${action}`);
  return { status: answer.status, body: answer.body };
};

describe('a file that the workspace has not started', () => {
  test('goes live only where somebody starts it, and from then on with every change', async () => {
    write('a.flow.ts', drawn('OFFERED', 'Offered'));
    write('b.workflow.ts', plain('Plain offer', 'plainOffer'));
    expect(await register('stopped')).toEqual([]);
    for (const name of ['Offered', 'Plain offer']) {
      expect(await named(name)).toMatchObject({ state: 'stopped', triggers: [] });
      expect((await post((await named(name)).id, 'start')).status).toBe(200);
      expect(await named(name)).toMatchObject({ state: 'live', live_version: { number: 1 } });
    }
    write('a.flow.ts', drawn('CHANGED', 'Offered'));
    await register('stopped');
    expect(await named('Offered')).toMatchObject({
      state: 'live',
      triggers: [{ kind: 'keyword', value: 'CHANGED' }],
      live_version: { number: 2 },
    });
  });

  test('is no more live once a mistake in it is corrected', async () => {
    write('a.flow.ts', drawn('STOP', 'Mistaken'));
    expect(await register('stopped')).toHaveLength(1);
    write('a.flow.ts', drawn('MENDED', 'Mistaken'));
    expect(await register('stopped')).toEqual([]);
    expect(await named('Mistaken')).toMatchObject({ state: 'stopped', triggers: [], source_problem: null });
  });
});

describe('a code flow that somebody stopped', () => {
  test('is started again over the API, with its keyword', async () => {
    write('a.flow.ts', drawn('ALPHA'));
    write('b.workflow.ts', plain('Beta', 'beta'));
    expect(await register()).toEqual([]);
    for (const name of ['ALPHA', 'Beta']) {
      const { id } = await named(name);
      expect((await post(id, 'start')).status).toBe(409);
      expect((await post(id, 'stop')).status).toBe(200);
      expect(await named(name)).toMatchObject({ state: 'stopped', triggers: [] });
      expect((await post(id, 'start')).status).toBe(200);
      expect((await named(name)).state).toBe('live');
      expect((await named(name)).live_version?.number).toBe(1);
    }
    expect((await named('ALPHA')).triggers).toEqual([{ kind: 'keyword', value: 'ALPHA' }]);
  });

  test('everyone who was inside is ended before it is live again, and nobody who came later', async () => {
    write('a.flow.ts', drawn('INSIDE'));
    await register();
    const { id } = await named('INSIDE');
    const [first, second] = await api.addContacts(2);
    const enroll = async (contact: string | undefined) => {
      const body = { contact_ids: [showId('con', contact ?? '')] };
      expect((await api.call('POST', `/api/v1/flows/${id}/enrollments`, { body })).status).toBe(202);
    };
    await enroll(first);
    // As when the process ended between the stop and the ending: the flag alone.
    await api.inTx((tx) => tx.updateTable('flows').set({ state: 'stopped' }).execute());
    expect((await post(id, 'start')).status).toBe(200);
    await enroll(second);
    await finishLifecycles(api.engine, [api.workspaceId]);
    const inside = await api.inTx((tx) => tx.selectFrom('enrollments').select('contact_id').execute());
    expect(inside.map((row) => row.contact_id)).toEqual([second]);
    const ended = await api.inTx((tx) =>
      tx.selectFrom('enrollment_history').select(['contact_id', 'outcome']).execute(),
    );
    expect(ended).toEqual([{ contact_id: first, outcome: 'stopped' }]);
  });

  test('stays stopped when its file changes, and starts again as changed', async () => {
    write('a.flow.ts', drawn('OLD', 'Changing'));
    write('b.workflow.ts', plain('Plain', 'plainOne'));
    await register();
    const { id } = await named('Changing');
    const other = await named('Plain');
    await post(id, 'stop');
    await post(other.id, 'stop');
    write('a.flow.ts', drawn('NEW', 'Changing'));
    write('b.workflow.ts', plain('Plain, renamed', 'plainTwo'));
    await register();
    await register();
    expect(await named('Changing')).toMatchObject({ state: 'stopped', triggers: [], live_version: { number: 2 } });
    expect(await named('Plain, renamed')).toMatchObject({ state: 'stopped', live_version: { number: 2 } });
    await post(id, 'start');
    expect(await named('Changing')).toMatchObject({ state: 'live', triggers: [{ kind: 'keyword', value: 'NEW' }] });
  });

  test('is refused where another flow has its keyword by now', async () => {
    write('a.flow.ts', drawn('TAKEN', 'First'));
    await register();
    const { id } = await named('First');
    await post(id, 'stop');
    await api.publish('Second', graph('TAKEN'));
    expect(await post(id, 'start')).toMatchObject({ status: 409, body: { code: 'keyword_taken' } });
    expect((await named('First')).state).toBe('stopped');
  });
});

describe('a code flow whose file is gone', () => {
  test('is stopped, says so, gives its keyword free, and can be archived; with the file it comes back', async () => {
    write('a.flow.ts', drawn('LEAVING', 'Leaving'));
    write('b.flow.ts', drawn('STAYING', 'Staying'));
    await register();
    rmSync(join(folder, 'a.flow.ts'));
    await register();
    const gone = await named('Leaving');
    expect(gone).toMatchObject({ state: 'stopped', triggers: [], source_problem: { code: 'source_gone' } });
    expect(gone.source_problem?.title).toContain('workflows/a.flow.ts');
    expect((await post(gone.id, 'start')).status).toBe(422);
    await api.publish('Heir', graph('LEAVING'));

    const staying = await named('Staying');
    expect(staying).toMatchObject({ state: 'live' });
    await post(staying.id, 'stop');
    const archive = (id: string) => api.call('DELETE', `/api/v1/flows/${id}`, { headers: { 'if-match': '*' } });
    expect((await archive(staying.id)).status).toBe(409);
    expect((await archive(gone.id)).status).toBe(204);
    expect((await list()).map((each) => each.name).sort()).toEqual(['Heir', 'Staying']);

    write('a.flow.ts', drawn('LEAVING', 'Leaving'));
    await register();
    expect(await named('Leaving')).toMatchObject({ state: 'stopped', source_problem: null });
  });

  test('is left alone where the folder cannot be read', async () => {
    write('a.flow.ts', drawn('THERE', 'There'));
    await register();
    await registerCodeFlows(api.engine, api.workspaceId, await loadCodeFlows(join(folder, 'missing')), 'live');
    expect((await named('There')).state).toBe('live');
  });
});

describe('a file that cannot be used', () => {
  test.each([
    ['does not parse', 'a.flow.ts', 'export const made = {;'],
    ['throws', 'a.flow.ts', "throw new Error('no such shop');"],
    ['exports nothing', 'a.flow.ts', 'export const other = 1;'],
    ['has no fitting definition', 'a.workflow.ts', 'export async function run() {}'],
    ['uses a type that does not exist', 'a.workflow.ts', plain('Odd', 'odd', 'teleport')],
    ['takes a name of the engine', 'a.workflow.ts', plain('Odd', 'runCohorts')],
    ['has problems', 'a.flow.ts', drawn('STOP', 'Compliance word')],
  ])('%s: the others are registered, and the list shows which and why', async (_what, name, source) => {
    write(name, source);
    write('good.flow.ts', drawn('GOOD', 'Good'));
    const broken = await register();
    expect(broken.map((file) => file.sourcePath)).toEqual([`workflows/${name}`]);
    expect(await named('Good')).toMatchObject({ state: 'live' });
    const shown = (await list()).find((each) => each.name !== 'Good');
    expect(shown).toMatchObject({ state: 'draft', source_problem: { code: 'source_broken' } });
    expect(shown?.source_problem?.title).toContain(broken[0]?.detail.split('\n')[0]?.replace(/\.$/, ''));
    const detail = z
      .looseObject({ problems: z.array(z.looseObject({ code: z.string() })) })
      .parse((await api.call('GET', `/api/v1/flows/${shown?.id}`)).body);
    expect(detail.problems.map((problem) => problem.code)).toContain('source_broken');
    expect((await post(shown?.id ?? '', 'start')).status).toBe(422);

    rmSync(join(folder, name));
    write(name, name.endsWith('.flow.ts') ? drawn('FIXED', 'Fixed') : plain('Fixed', 'fixed'));
    expect(await register()).toEqual([]);
    expect(await named('Fixed')).toMatchObject({ id: shown?.id, state: 'live', source_problem: null });
  });

  test('each mistake is told with its step and what to do, as the check tells it, and nothing of a library', async () => {
    write('a.flow.ts', drawn('STOP', 'Stopping').replace('"to":"done"', '"to":"start"'));
    write('b.workflow.ts', plain('Purposes', 'purposes').replace('marketing', 'fun'));
    expect((await register()).map(({ detail }) => detail.split('\n'))).toEqual([
      [
        'The step start (“Keyword”), keywords[0]: STOP has a fixed meaning and cannot start a flow. Choose another keyword.',
        'The step start (“Keyword”): A line leads to a trigger. Connect the line to the step after the trigger.',
      ],
      ['The step ask (“Check consent”), purpose: One of marketing, transactional. Correct this setting of the step.'],
    ]);
    expect((await named('Stopping')).source_problem?.title).toBe(
      'The file workflows/a.flow.ts cannot be used: The step start (“Keyword”), keywords[0]: STOP has a fixed meaning and cannot start a flow. Choose another keyword. The step start (“Keyword”): A line leads to a trigger. Connect the line to the step after the trigger',
    );
  });

  test('a text that a workflow declares must be one that can be written; one that an earlier build took goes on', async () => {
    const texting = (text: string) =>
      `export const definition = { name: 'Texting', description: '', steps: { offer: { type: 'send-sms', config: { text: '${text}' } } } };
export async function texting() {}`;
    write('a.workflow.ts', texting('Hello {{ contact.'));
    expect((await register())[0]?.detail).toMatch(/^The step offer \(“Send SMS”\), text: .* Correct the template\./);
    write('a.workflow.ts', texting('Hello'));
    expect(await register()).toEqual([]);
    await api.inTx((tx) =>
      sql`UPDATE flow_versions SET graph = replace(graph::text, 'Hello', 'Hello {{ contact.')::jsonb,
        compiled = replace(compiled::text, 'Hello', 'Hello {{ contact.')::jsonb`.execute(tx),
    );
    await api.inTx((tx) =>
      sql`UPDATE flows SET graph = replace(graph::text, 'Hello', 'Hello {{ contact.')::jsonb`.execute(tx),
    );
    write('a.workflow.ts', texting('Hello {{ contact.'));
    expect(await register()).toEqual([]);
    expect(await named('Texting')).toMatchObject({ state: 'live', live_version: { number: 1 }, source_problem: null });
  });

  test('after a good version: that one goes on, until the file is good again', async () => {
    write('a.flow.ts', drawn('STEADY', 'Steady'));
    await register();
    write('a.flow.ts', 'export const made = {;');
    await register();
    expect(await named('Steady')).toMatchObject({
      state: 'live',
      triggers: [{ kind: 'keyword', value: 'STEADY' }],
      source_problem: { code: 'source_broken' },
    });
    write('a.flow.ts', drawn('STEADY', 'Steady'));
    await register();
    expect(await named('Steady')).toMatchObject({
      state: 'live',
      live_version: { number: 1 },
      source_problem: null,
    });
  });

  test('a version that was published before flows salted their draws stays the version, as no file changed', async () => {
    write('a.workflow.ts', plain('Unsalted', 'unsalted'));
    await register();
    const version = await api.inTx((tx) =>
      tx.selectFrom('flow_versions').select(['id', 'compiled']).executeTakeFirstOrThrow(),
    );
    const { salt, ...before } = z.looseObject({ salt: z.string() }).parse(version.compiled);
    expect(salt).toBe('flow');
    await api.inTx((tx) =>
      tx
        .updateTable('flow_versions')
        .set({ compiled: JSON.stringify(before) })
        .where('id', '=', version.id)
        .execute(),
    );
    await register();
    expect(await named('Unsalted')).toMatchObject({ state: 'live', live_version: { number: 1 } });
    const load = (id: string) =>
      api.inTx((tx) => api.engine.arrivalDeps.versions.load({ tx, workspaceId: api.workspaceId }, id));
    expect((await load(version.id)).salt).toBeNull();
    const drawnNow = await api.publish('Drawn', graph('SALT'));
    expect((await load(drawnNow.versionId)).salt).toBe(drawnNow.flowId);
    write('a.workflow.ts', plain('Unsalted', 'unsalted').replace('marketing', 'transactional'));
    await register();
    expect(await named('Unsalted')).toMatchObject({ state: 'live', live_version: { number: 2 } });
  });

  test('a keyword that another live flow has: the flow waits as a draft, and starts once the keyword is free', async () => {
    const other = await api.publish('Holder', graph('CLASH'));
    write('a.flow.ts', drawn('CLASH', 'Clashing'));
    write('b.flow.ts', drawn('FREE', 'Free'));
    expect((await register()).map((file) => file.sourcePath)).toEqual(['workflows/a.flow.ts']);
    expect(await named('Free')).toMatchObject({ state: 'live' });
    const { id } = await named('Clashing');
    const refused = await post(id, 'start');
    expect([refused.status, problemSchema.parse(refused.body).code]).toEqual([422, 'flow_has_problems']);
    await api.inTx((tx) => tx.deleteFrom('flows').where('id', '=', other.flowId).execute());
    expect((await post(id, 'start')).status).toBe(200);
    expect(await named('Clashing')).toMatchObject({ state: 'live', source_problem: null });
  });

  test('two workflows of one name: the second file is told', async () => {
    write('a.workflow.ts', plain('One', 'same'));
    write('b.workflow.ts', plain('Two', 'same'));
    expect(await register()).toMatchObject([{ sourcePath: 'workflows/b.workflow.ts' }]);
    expect(await named('One')).toMatchObject({ state: 'live' });
  });

  test('at a start: it is logged and shown with its path, and left out of the bundle', async () => {
    write('bad.flow.ts', 'export const made = {;');
    write('fits.workflow.ts', plain('Fits', 'fits'));
    write('unfit.workflow.ts', plain('Unfit', 'unfit'));
    const warnings: string[] = [];
    const deps = { ...api.engine, newFlows: 'live', warn: (text: string) => warnings.push(text) } as const;
    const files = await openCodeFlows(deps, folder);
    expect(files).toEqual([join(folder, 'fits.workflow.ts'), join(folder, 'unfit.workflow.ts')]);
    expect(warnings).toEqual([expect.stringContaining('workflows/bad.flow.ts cannot be used: ')]);

    const build = (given: readonly string[]) =>
      given.some((file) => file.includes('unfit'))
        ? Promise.reject(new Error('Module not found: fs'))
        : Promise.resolve({ code: given.join() });
    expect(await bundleCodeFlows(deps, files, build)).toEqual({ code: join(folder, 'fits.workflow.ts') });
    expect(warnings[1]).toBe('workflows/unfit.workflow.ts cannot be used: Module not found: fs');
    expect(await named('Unfit')).toMatchObject({ source_problem: { code: 'source_broken' } });
    await expect(bundleCodeFlows(deps, [], () => Promise.reject(new Error('out of memory')))).rejects.toThrow('memory');
  });
});
