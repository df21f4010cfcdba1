import { existsSync } from 'node:fs';
import { dataFolderPath } from '@signalbox/engine/main/running-file';
import { askForLink } from './control-socket.ts';
import { openDataFolder } from './data-folder.ts';
import { outsideDatabase } from './database.ts';
import { Launcher } from './launcher.ts';
import { LocalSetupError } from './local-setup-error.ts';
import { startAll } from './local-start.ts';
import { terminalTexts } from './messages.ts';
import { requireSettings } from './required-settings.ts';
import { openTerminal, type Terminal } from './terminal.ts';

const now = () => performance.now();

async function main(terminal: Terminal): Promise<void> {
  await requireSettings(process.env);
  const opened = await openDataFolder({ path: dataFolderPath(), startedAt: new Date(), log: terminal.say });
  if (opened.kind === 'held') {
    const { pid, port, control } = opened.holder;
    terminal.say(terminalTexts.alreadyRunning(pid, port));
    if (port !== undefined && control === undefined) {
      terminal.say(terminalTexts.alreadyWorking);
      return;
    }
    const link = control === undefined ? undefined : await askForLink(control, 12_000);
    terminal.say(link === undefined ? terminalTexts.alreadyStarting : terminalTexts.signIn(link));
    return;
  }
  const exit = (code: number) => process.exit(code);
  const launcher = new Launcher({ folder: opened.folder, terminal, now, exit });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (launcher.ending) {
        if (signal === 'SIGINT') launcher.endAtOnce();
        return;
      }
      terminal.say(`\n${terminalTexts.stopping}`);
      void launcher.end(0);
    });
  }
  const known = outsideDatabase(process.env) !== undefined || existsSync(opened.folder.file('secrets.json'));
  terminal.say(known ? terminalTexts.starting : terminalTexts.firstStart);
  try {
    await startAll({ launcher, folder: opened.folder, terminal, env: process.env, now });
  } catch (error) {
    await launcher.fail(error);
  }
}

// The reader of our output may be gone, as in `… | head`.
process.stdout.on('error', () => undefined);
const terminal = openTerminal((text) => process.stdout.write(text), now);
try {
  await main(terminal);
} catch (error) {
  if (!(error instanceof LocalSetupError)) throw error;
  terminal.problem(error);
  process.exitCode = 1;
}
