import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, printFigures } from './support/figures.ts';

const start = fileURLToPath(new URL('../packages/launcher/src/start.ts', import.meta.url));

/** Runs the product until it prints its sign-in link, then stops it as Ctrl-C does; milliseconds to the link. */
function startOnce(dataFolder: string): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, [start], {
    env: { ...process.env, SIGNALBOX_DATA: dataFolder, PORT: '4890' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let ready = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      if (ready === 0 && chunk.toString().includes('/sign-in?token=')) {
        ready = performance.now() - began;
        child.kill('SIGINT');
      }
    });
    child.once('exit', (code) => {
      if (ready > 0 && code === 0) resolve(ready);
      else reject(new Error(`The product ended with ${code}${ready > 0 ? '' : ' before it was ready'}.`));
    });
  });
}

/** First start with an empty data folder, then starts with the same one. */
export async function run(options: ReadonlyMap<string, string>): Promise<void> {
  const rounds = Number(options.get('pairs') ?? 3);
  const first: number[] = [];
  const next: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const folder = mkdtempSync(join(tmpdir(), 'signalbox-start-'));
    first.push(await startOnce(folder));
    next.push(await startOnce(folder));
    rmSync(folder, { recursive: true, force: true });
    console.log(`first ${first.at(-1)?.toFixed(0)} ms, next ${next.at(-1)?.toFixed(0)} ms`);
  }
  const range = (values: readonly number[]) => `${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)}`;
  printFigures({
    rounds,
    first_start_range_ms: range(first),
    next_start_range_ms: range(next),
    first_start_ms: median(first).toFixed(0),
    next_start_ms: median(next).toFixed(0),
  });
}
