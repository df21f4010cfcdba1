import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { repositoryRoot, runCommand } from './run-command.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** What the check finds in a folder of these files. Node loads them, as at a start: in here they would be translated before. */
async function problemsIn(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-flows-'));
  folders.push(folder);
  symlinkSync(join(repositoryRoot, 'workflows/node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return checked(folder);
}

async function checked(folder: string): Promise<readonly string[]> {
  const program = `import { checkFlows } from ${JSON.stringify(join(repositoryRoot, 'scripts/flows.ts'))};
    process.stdout.write(JSON.stringify((await checkFlows(${JSON.stringify(folder)})).problems));`;
  const { exitCode, output } = await runCommand(process.execPath, ['--input-type=module', '--eval', program], {
    timeoutMs: 110_000,
  });
  expect([exitCode, output]).toEqual([0, expect.stringMatching(/^\[/)]);
  return z.array(z.string()).parse(JSON.parse(output));
}

/** A flow of these lines, which begin on the file's line 10. */
const flowOf = (body: string, name = 'Planted') => `import { flow } from '@signalbox/nodes/flow/builder';
import { end } from '@signalbox/nodes/library/end/end';
import { branch } from '@signalbox/nodes/library/logic/branch';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { checkConsent } from '@signalbox/nodes/library/people/check-consent';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
import { wait } from '@signalbox/nodes/library/wait/wait';
import { waitForReply } from '@signalbox/nodes/library/wait/wait-for-reply';
const w = flow(${JSON.stringify(name)});
${body}
export const planted = w.build();
`;

/** A flow that starts with a keyword of its own, and then goes on with these lines, which begin on line 11. */
const after = (word: string, body: string, name?: string) =>
  flowOf(`const start = w.step('start', keyword, { keywords: ['${word}'] });\n${body}`, name);
const ends = (word: string, name?: string) =>
  after(word, "const done = w.step('done', end, {});\nstart.to('next', done);", name);

const declared = (steps: string, run = 'async function planted() {}') =>
  `export const definition = { name: 'Planted', description: '', steps: ${steps} };\nexport ${run}\n`;

const planted: ReadonlyArray<readonly [string, string, string, readonly string[]]> = [
  [
    'a cycle without a wait',
    'cycle.flow.ts',
    after(
      'CYCLE',
      `const ask = w.step('ask', checkConsent, { purpose: 'marketing' });
const done = w.step('done', end, {});
start.to('next', ask);
ask.to('yes', done).to('no', ask);`,
    ),
    [
      'The step ask (“Check consent”): People would loop through these steps without a pause. Add a wait, or a wait for a reply, to the loop, or connect one of its lines elsewhere.',
    ],
  ],
  [
    'the keyword STOP',
    'stop.flow.ts',
    ends('STOP'),
    [
      'The step start (“Keyword”), keywords[0]: STOP has a fixed meaning and cannot start a flow. Choose another keyword.',
    ],
  ],
  [
    'a step that nobody reaches',
    'unreached.flow.ts',
    after(
      'UNREACHED',
      `const done = w.step('done', end, {});
w.step('island', end, {}, { name: 'Lost' });
start.to('next', done);`,
    ),
    ['The step island (“Lost”): Nobody can get to this step. Connect another step to it, or remove it.'],
  ],
  [
    'a wait of 900 days',
    'days.flow.ts',
    after('DAYS', "w.step('pause', wait, { duration: { amount: 900, unit: 'days' } });"),
    ['Line 11: The step pause (“Wait”), duration.amount: At most 366 days. Correct this setting of the step.'],
  ],
  [
    'a value that a setting does not take',
    'value.flow.ts',
    after('VALUE', "w.step('greet', sendSms, { text: 'Hello', purpose: 'fun' });"),
    [
      'Line 11: The step greet (“Send SMS”), purpose: One of marketing, transactional. Correct this setting of the step.',
    ],
  ],
  [
    'two mistakes in one step',
    'twice.flow.ts',
    after('TWICE', "w.step('greet', sendSms, { text: 5, purpose: 'fun' });"),
    [
      'Line 11: The step greet (“Send SMS”), text: A text is needed. Correct this setting of the step.',
      'The step greet (“Send SMS”), purpose: One of marketing, transactional. Correct this setting of the step.',
    ],
  ],
  [
    'a way out that the step does not have',
    'outlet.flow.ts',
    after('OUTLET', "const greet = w.step('greet', sendSms, { text: 'Hello' });\ngreet.to('replied', start);"),
    ['Line 12: The step greet (“Send SMS”) has no way out called replied. It has sent, not_sent.'],
  ],
  [
    'an id that cannot be one',
    'id.flow.ts',
    after('ID', "w.step('Not-an-id', end, {});"),
    ['Line 11: The step Not-an-id (“End”), id: Small letters, digits and _, at most 64 of them, and a letter first.'],
  ],
  [
    'a name that is too long',
    'name.flow.ts',
    ends('NAME', 'x'.repeat(81)),
    ['The flow planted, name: At most 80 characters.'],
  ],
  [
    'nothing that starts the flow',
    'idle.flow.ts',
    flowOf("w.step('done', end, {});"),
    ['The flow: Nothing starts this flow. Add a trigger, such as a keyword.'],
  ],
  [
    'text that is no code',
    'syntax.flow.ts',
    'export const one = 1;\nexport const made = {;\n',
    ['Line 2: Unexpected token `;`. Expected identifier, string literal, numeric literal or [ for the computed key'],
  ],
  [
    'a module that throws',
    'throws.flow.ts',
    "const shop: string | null = null;\n\nif (shop === null) throw new Error('There is no shop');\n",
    ['Line 3: There is no shop'],
  ],
  [
    'an import of what is not there',
    'import.flow.ts',
    "\nimport { x } from '@signalbox/nodes/library/end/ends';\nexport const y = x;\n",
    ['Line 2: It imports @signalbox/nodes/library/end/ends, which cannot be found.'],
  ],
  [
    'no flow',
    'none.flow.ts',
    'export const other = 1;\n',
    ['It exports no flow. Export what flow(…).build() returns.'],
  ],
  [
    'a definition that is none',
    'definition.workflow.ts',
    declared("{ 'Not a name': { type: 'end', config: {} }, ask: { config: {} } }"),
    [
      'The definition, steps.Not a name: Name a step with small letters, digits, - and _, at most 64 of them, and a letter first.',
      'The definition, steps.ask.type: This is missing.',
    ],
  ],
  [
    'a declared step whose settings do not fit',
    'settings.workflow.ts',
    declared("{ ask: { type: 'check-consent', config: { purpose: 'fun' } } }"),
    ['The step ask (“Check consent”), purpose: One of marketing, transactional. Correct this setting of the step.'],
  ],
  [
    'a declared text that cannot be written',
    'template.workflow.ts',
    declared(
      "{ 'first-offer': { type: 'send-sms', config: { text: 'Hello {{ contact.' } } }",
      'async function texting() {}',
    ),
    [
      'The step first-offer (“Send SMS”), text: A placeholder or tag is not closed. Line 1, column 7. Correct the template. Placeholders look like this: {{ contact.first_name }}',
    ],
  ],
  [
    'a declared step of no known type',
    'type.workflow.ts',
    declared("{ ask: { type: 'teleport', config: {} } }", 'async function travelling() {}'),
    ['The step ask: The step type “teleport” does not exist. Replace the step with one from the palette.'],
  ],
];

describe('the check of flows in code', () => {
  test('is green for the flows that are here', async () => {
    expect(await checked(join(repositoryRoot, 'workflows'))).toEqual([]);
  }, 120_000);

  test('is red for each mistake, in plain words: the file, the step, what is wrong and what to do', async () => {
    const found = await problemsIn(Object.fromEntries(planted.map(([, name, text]) => [name, text])));
    for (const [what, name, , lines] of planted)
      expect([what, found.filter((line) => line.startsWith(`workflows/${name}: `))]).toEqual([
        what,
        lines.map((line) => `workflows/${name}: ${line}`),
      ]);
    expect(found.length).toBe(planted.flatMap(([, , , lines]) => lines).length);
  }, 120_000);

  test('is red for two flows with one keyword: the second names the first', async () => {
    expect(
      await problemsIn({
        'a.flow.ts': ends('JOIN', 'First'),
        'b.flow.ts': ends('join', 'Second'),
        'c.flow.ts': ends('OWN'),
      }),
    ).toEqual([
      'workflows/b.flow.ts: The step start (“Keyword”), keywords[0]: The keyword JOIN already starts “First”. Choose another keyword, or stop that flow.',
    ]);
  }, 120_000);

  test('is red for a plain workflow that does not fit into the sandbox, and for that one alone', async () => {
    const steps = "{ ask: { type: 'check-consent', config: { purpose: 'marketing' } } }";
    const reading = "import { readFileSync } from 'node:fs';\n";
    expect(
      await problemsIn({
        'fits.workflow.ts': declared(steps, 'async function fits() {}'),
        'reads.workflow.ts': reading + declared(steps, "async function reads() { readFileSync('prices'); }"),
      }),
    ).toEqual([
      'workflows/reads.workflow.ts: It imports node:fs, which a workflow may not use: what it runs has to come out the same every time. Leave that to a step, or import types alone.',
    ]);
  }, 120_000);
});
