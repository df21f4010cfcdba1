import type { SetupProblem } from './local-setup-error.ts';

/** Every reason for which the local set-up stops, in the words the terminal shows. */
export const setupProblems = {
  platform: (platform: string, arch: string): SetupProblem => ({
    code: 'platform',
    problem: `There is no PostgreSQL build for ${platform} on ${arch}.`,
    remedy:
      'Use a PostgreSQL 17 server of yours, as docs/operations.md says (DATABASE_URL, DATABASE_ROUTER_URL, SECRETS_KEY), or use Linux or macOS on x64 or arm64.',
  }),
  portTaken: (port: number, host: string): SetupProblem => ({
    code: 'port_taken',
    problem: `Port ${port} on ${host} is taken by another program.`,
    remedy: `Choose another one: "PORT=${port < 65_000 ? port + 100 : 4600} npx pnpm start".`,
  }),
  portForbidden: (port: number, host: string): SetupProblem => ({
    code: 'port_forbidden',
    problem: `This user may not open port ${port} on ${host}.`,
    remedy: 'Choose one above 1023: "PORT=4600 npx pnpm start".',
  }),
  hostUnusable: (host: string, code: string): SetupProblem => ({
    code: 'host_unusable',
    problem: `HOST is "${host}", an address on which this machine cannot listen (${code}).`,
    remedy: 'Use an address of this machine: 127.0.0.1 for itself alone, 0.0.0.0 for all of its networks.',
  }),
  portInvalid: (value: string): SetupProblem => ({
    code: 'port_invalid',
    problem: `PORT is "${value}", which is not a port number.`,
    remedy: 'Use a whole number from 1 to 65535: "PORT=4600 npx pnpm start".',
  }),
  dataFolderReadOnly: (path: string, reason: string): SetupProblem => ({
    code: 'data_folder_read_only',
    problem: `The data folder ${path} cannot be written (${reason}).`,
    remedy: 'Make it writable for this user, or choose another one: "SIGNALBOX_DATA=/some/folder npx pnpm start".',
  }),
  dataFolderOwner: (path: string): SetupProblem => ({
    code: 'data_folder_owner',
    problem: `The database files in ${path} belong to another user, from a start as that user.`,
    remedy: `Start as the user who made them, give them to this user ("sudo chown -R $(id -u) ${path}"), or choose another folder with SIGNALBOX_DATA.`,
  }),
  secretsUnreadable: (path: string): SetupProblem => ({
    code: 'secrets_unreadable',
    problem: `The secrets file ${path} cannot be understood.`,
    remedy:
      'Restore it from a copy. Without it the data of this folder cannot be opened; to begin anew, move the data folder away.',
  }),
  noUnprivilegedUser: (reason: string): SetupProblem => ({
    code: 'no_unprivileged_user',
    problem: `PostgreSQL refuses to run as root, and no unprivileged user could be made or used (${reason}).`,
    remedy:
      'Run as an ordinary user, or create one first ("useradd --system signalbox"), or use a PostgreSQL server of yours, as docs/operations.md says (DATABASE_URL, DATABASE_ROUTER_URL, SECRETS_KEY).',
  }),
  databaseInit: (detail: string): SetupProblem => ({
    code: 'database_init_failed',
    problem: `PostgreSQL could not create its files: ${detail}`,
    remedy: 'Check free disk space and the rights of the data folder, then start again.',
  }),
  databaseStart: (detail: string): SetupProblem => ({
    code: 'database_start_failed',
    problem: `PostgreSQL did not start: ${detail}`,
    remedy: 'Its log is in the data folder under logs/. Free disk space and memory, and start again.',
  }),
  databasePasswordLost: (path: string): SetupProblem => ({
    code: 'database_password_lost',
    problem: `The database exists, but its password file ${path} is gone.`,
    remedy: 'Restore the file from a copy, or move the data folder away to begin anew.',
  }),
  noPip: (detail: string): SetupProblem => ({
    code: 'no_pip',
    problem: `There is no pip to fetch Temporal with (${detail}).`,
    remedy: 'Install Python with pip.',
  }),
  temporalInstall: (detail: string): SetupProblem => ({
    code: 'temporal_install_failed',
    problem: `pip could not install Temporal: ${detail}`,
    remedy: "Check the network and pip's settings, and try again.",
  }),
  noTemporal: (tried: readonly string[]): SetupProblem => ({
    code: 'no_temporal',
    problem: `Temporal's command line was not found, and could not be fetched:${tried.map((way) => `\n    ${way}`).join('')}`,
    remedy:
      'Do one of these: check the network and start again, install it yourself (https://docs.temporal.io/cli), set TEMPORAL_CLI to its path, install Python with pip, or set TEMPORAL_ADDRESS to a Temporal server of yours.',
  }),
  temporalPath: (path: string, detail: string): SetupProblem => ({
    code: 'temporal_cli_unusable',
    problem: `TEMPORAL_CLI is ${path}, which does not answer as Temporal's command line (${detail}).`,
    remedy: 'Set it to the path of the "temporal" program, version 1.3 or newer, or unset it.',
  }),
  temporalStart: (detail: string): SetupProblem => ({
    code: 'temporal_start_failed',
    problem: `Temporal did not start: ${detail}`,
    remedy: 'Its log is in the data folder under logs/. Free disk space and memory, and start again.',
  }),
  editorBuild: (detail: string): SetupProblem => ({
    code: 'editor_build_failed',
    problem: `The editor could not be built:\n  ${detail}`,
    remedy: 'Run "npx pnpm install" and start again.',
  }),
  settings: (problems: readonly string[]): SetupProblem => ({
    code: 'settings',
    problem: `These settings are missing or do not fit:${problems.map((problem) => `\n    ${problem}`).join('')}`,
    remedy:
      'docs/operations.md says what each is for and shows a command for every role. All processes get the same SECRETS_KEY: make it once with "openssl rand -base64 32" and keep it.',
  }),
  childEnded: (name: string, how: string, lines: readonly string[]): SetupProblem => ({
    code: 'child_ended',
    problem: `The ${name} ended unexpectedly (${how}).${lines.length === 0 ? '' : ' Its last lines:'}${lines.map((line) => `\n    ${line}`).join('')}`,
    remedy: 'Everything else has been stopped; data is kept. The whole log is in the data folder under logs/.',
  }),
  givenUp: (name: string, times: number, how: string, lines: readonly string[]): SetupProblem => ({
    code: 'given_up',
    problem: `The ${name} ended ${times} times in a short time, the last time with: ${how}${lines.length === 0 ? '' : '\n    Its last lines:'}${lines.map((line) => `\n    ${line}`).join('')}`,
    remedy: 'Everything else has been stopped; data is kept. The whole log is in the data folder under logs/.',
  }),
  engineSilent: (waited: string): SetupProblem => ({
    code: 'engine_not_ready',
    problem: `The engine was not ready after ${waited}.`,
    remedy: 'Its log is in the data folder under logs/engine.log.',
  }),
} as const;

/** Everything else the terminal shows. */
export const terminalTexts = {
  starting: 'Starting Signalbox.',
  firstStart: 'Starting Signalbox for the first time: this takes a little longer.',
  cannotStart: 'Signalbox could not start.',
  endedEarly: 'Signalbox had to stop.',
  stopped: 'Stopped. Everything is kept; start again to go on.',
  stopping: 'Stopping. Waiting flows go on at the next start.',
  stoppedHard: 'Ended at once. The next start clears up.',
  working: (url: string) => `This worker is ready: it runs flows and sends messages. Its health: ${url}/readyz`,
  ready: (url: string) => `Signalbox is ready at ${url}`,
  signIn: (link: string) => `Sign in:  ${link}`,
  howToStop: 'Press Ctrl-C to stop.',
  alreadyRunning: (pid: number, port: number | undefined) =>
    `Signalbox is already running${port === undefined ? '' : ` on port ${port}`} (process ${pid}).`,
  alreadyStarting: 'It is not ready yet; its terminal will show the sign-in link.',
  alreadyWorking: 'It has the role worker alone: nobody signs in to it.',
  warning: (text: string) => `  Warning: ${text.replaceAll('\n', '\n    ')}`,
  startingAgain: (name: string, how: string) => `The ${name} ended unexpectedly (${how}). Starting it again.`,
  runsAgain: (name: string) => `The ${name} is running again.`,
  stepDatabase: 'PostgreSQL',
  stepTemporal: 'Temporal',
  stepCarrier: 'Demo carrier',
  stepEditor: 'Editor built',
  stepEngine: 'Engine',
  stepStopped: (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)} stopped`,
} as const;
