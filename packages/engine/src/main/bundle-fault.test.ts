import { describe, expect, test } from 'vitest';
import { bundleFault } from './bundle-fault.ts';

const failed = new Error("Webpack finished with errors, if you're unsure what went wrong, visit our page");

describe('workflows that cannot be bundled are told why in a line', () => {
  test.each([
    [
      'a module that a workflow may not use',
      new Error("Your code is importing the following disallowed modules:\n  - 'fs'\n  - 'net'\nHINT: …"),
      '',
      'It imports fs, net, which a workflow may not use: what it runs has to come out the same every time. Leave that to a step, or import types alone.',
    ],
    [
      'one that is named with its protocol',
      failed,
      'ERROR in node:fs\nModule build error: UnhandledSchemeError: Reading from "node:fs" is not handled by plugins.',
      'It imports node:fs, which a workflow may not use: what it runs has to come out the same every time. Leave that to a step, or import types alone.',
    ],
    [
      'one that is not there',
      failed,
      "ERROR in ./a.workflow.ts 1:1\nModule not found: Error: Can't resolve './prices.ts' in '/srv'",
      'It imports ./prices.ts, which cannot be found.',
    ],
    [
      'anything else',
      failed,
      'asset bundle.js\nERROR in ./a.workflow.ts\nModule build failed: Unexpected eof\n  at somewhere',
      'It does not fit into the sandbox of workflows: Module build failed: Unexpected eof',
    ],
    [
      'nothing that was written',
      new Error('out of memory'),
      '',
      'It does not fit into the sandbox of workflows: out of memory',
    ],
  ])('%s', (_what, error, written, said) => {
    expect(bundleFault(error, [written])).toBe(said);
  });
});
