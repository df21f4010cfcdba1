import { accessSync, constants } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const systemChromium = '/usr/bin/chromium';

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A Chromium to drive: CHROMIUM_PATH, else the machine's own, else the one that comes as an npm package. */
async function executable(): Promise<string> {
  const chosen = process.env.CHROMIUM_PATH;
  if (chosen !== undefined && chosen !== '') return chosen;
  if (isProgram(systemChromium)) return systemChromium;
  const { default: packaged } = await import('@sparticuz/chromium');
  return packaged.executablePath();
}

/** Nothing that Chromium itself would like to tell or fetch may be taken for a request of the page. */
const quiet = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-first-run',
  '--no-pings',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/** Starts a headless Chromium. As root it runs without its sandbox, which refuses root. */
export async function startChromium(): Promise<Browser> {
  const root = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: await executable(),
    chromiumSandbox: !root,
    args: [...quiet, '--disable-gpu', '--force-color-profile=srgb', '--font-render-hinting=none'],
  });
}
