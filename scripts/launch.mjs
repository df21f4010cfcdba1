import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chooseNode, platformFacts, refusePlatform } from './platform.mjs';

/*
 * `node scripts/launch.mjs <script> [argument …]`: runs a TypeScript file of the repository on the pinned Node, or says why
 * this machine cannot. Run by whatever Node the machine has: plain JavaScript, nothing imported that is installed.
 */

const root = resolve(fileURLToPath(import.meta.url), '../..');
const pinned = join(root, 'node_modules/node/bin/node');
const [script = '', ...args] = process.argv.slice(2);
const file = resolve(root, script);

/** @param {string} node */
function runOn(node) {
  const child = spawn(node, [file, ...args], { stdio: 'inherit' });
  // The terminal sends Ctrl-C to both; the child decides how to end. Other signals are passed on.
  process.on('SIGINT', () => undefined);
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => refuse({ problem: `${node} does not run (${error.message}).`, remedy: reinstall }));
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

const reinstall = 'Remove node_modules, run "npx pnpm install", then the same command again.';

/** @param {import('./platform.mjs').Refusal} refusal */
function refuse({ problem, remedy }) {
  process.stderr.write(`\nSignalbox cannot run here.\n  ${problem}\n  ${remedy}\n`);
  process.exitCode = 1;
}

const refused = refusePlatform(platformFacts());
const choice = chooseNode({ version: process.versions.node, pinned: existsSync(pinned) ? pinned : null });
if (refused !== null) refuse(refused);
else if ('problem' in choice) refuse(choice);
else if (choice.run !== 'here') runOn(choice.run);
else {
  process.argv.splice(1, 2, file);
  await import(pathToFileURL(file).href);
}
