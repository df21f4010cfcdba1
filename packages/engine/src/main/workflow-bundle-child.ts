import { writeFile } from 'node:fs/promises';
import { buildWorkflowBundle } from './workflow-bundle.ts';

/** `node workflow-bundle-child.ts OUT [FILE…]`: builds the workflow bundle of the files into OUT, or says on stderr why not. */
const [out, ...files] = process.argv.slice(2);
try {
  if (out === undefined) throw new Error('Name the file to write.');
  await writeFile(out, (await buildWorkflowBundle(files)).code);
} catch (error) {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
