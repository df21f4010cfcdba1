import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const onMachine = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/**
 * A Chromium for the browser tests: CHROMIUM_PATH, else the machine's, else the one in the package @sparticuz/chromium, unpacked once
 * into `cacheFolder`. Where the machine lacks NSS, NSPR or expat, a small program is put before that one which brings the package's own.
 *
 * @returns the path of a program; null where the package is not for this platform (it is for Linux on x64 alone).
 */
export async function findChromium(cacheFolder: string, env: NodeJS.ProcessEnv = process.env): Promise<string | null> {
  const named = env.CHROMIUM_PATH;
  if (named !== undefined && named !== '') return named;
  const installed = onMachine.find((path) => existsSync(path));
  if (installed !== undefined) return installed;
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const folder = await unpacked(cacheFolder);
  const program = join(folder, 'chromium');
  return (await lacksLibraries(program)) ? withOwnLibraries(folder, program) : program;
}

async function unpacked(cacheFolder: string): Promise<string> {
  const packageFolder = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '..');
  const manifest = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')));
  const folder = join(cacheFolder, `chromium-${manifest.version}`);
  if (existsSync(folder)) return folder;
  const part = `${folder}.${process.pid}.part`;
  mkdirSync(part, { recursive: true });
  // The package unpacks into the temporary folder, whichever that is.
  const before = process.env.TMPDIR;
  process.env.TMPDIR = part;
  try {
    const { inflate } = await import('@sparticuz/chromium');
    for (const file of ['chromium.br', 'al2023.tar.br', 'fonts.tar.br', 'swiftshader.tar.br'])
      await inflate(join(packageFolder, 'bin', file));
    renameSync(part, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    rmSync(part, { recursive: true, force: true });
  }
  return folder;
}

async function lacksLibraries(program: string): Promise<boolean> {
  const answer = await promisify(execFile)('ldd', [program]).catch(() => null);
  return answer === null || answer.stdout.includes('not found');
}

function withOwnLibraries(folder: string, program: string): string {
  const fonts = join(folder, 'fonts.conf');
  writeFileSync(
    fonts,
    `<?xml version="1.0"?><fontconfig><dir>${join(folder, 'fonts')}</dir><cachedir>${join(folder, 'fonts-cache')}</cachedir></fontconfig>\n`,
  );
  const starter = join(folder, 'start-chromium');
  const lines = [
    '#!/bin/sh',
    `export LD_LIBRARY_PATH="${join(folder, 'al2023/lib')}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"`,
    ...(existsSync('/etc/fonts/fonts.conf') ? [] : [`export FONTCONFIG_FILE="${fonts}"`]),
    `exec "${program}" "$@"`,
  ];
  writeFileSync(starter, `${lines.join('\n')}\n`);
  chmodSync(starter, 0o755);
  return starter;
}
