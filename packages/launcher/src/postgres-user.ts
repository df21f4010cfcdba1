import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LocalSetupError } from './local-setup-error.ts';
import { setupProblems } from './messages.ts';

/** Who the server runs as. Empty for an ordinary user: as ourselves. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

/** Where the server's programs and files lie, and who runs it. */
export interface ServerPlace {
  readonly user: ServerUser;
  readonly binaries: string;
  readonly dataDir: string;
}

function idOf(flag: '-u' | '-g', user: string): number | undefined {
  const answer = spawnSync('id', [flag, user], { encoding: 'utf8' });
  const id = Number(answer.stdout?.trim());
  return answer.status === 0 && Number.isInteger(id) && id > 0 ? id : undefined;
}

function lookUp(user: string): { uid: number; gid: number } | undefined {
  const uid = idOf('-u', user);
  const gid = idOf('-g', user);
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

function canRunAs(user: { uid: number; gid: number }): boolean {
  return spawnSync('/bin/sh', ['-c', 'exit 0'], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;
}

function createUser(name: string): string | undefined {
  try {
    execFileSync('useradd', ['--system', '--no-create-home', '--shell', '/bin/false', name], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'useradd failed';
  }
}

/** PostgreSQL refuses root. As root: the owner of existing files, else `postgres`, else a new user, else `nobody`. */
function chooseUser(dataDir: string): ServerUser {
  if (process.getuid?.() !== 0) {
    if (existsSync(dataDir) && statSync(dataDir).uid !== process.getuid?.()) {
      throw new LocalSetupError(setupProblems.dataFolderOwner(dataDir));
    }
    return {};
  }
  if (existsSync(dataDir)) {
    const { uid, gid } = statSync(dataDir);
    if (uid !== 0 && canRunAs({ uid, gid })) return { uid, gid };
  }
  let reason = '';
  for (const name of ['postgres', 'signalbox', 'nobody']) {
    let user = lookUp(name);
    if (user === undefined && name === 'signalbox') {
      reason = createUser(name) ?? reason;
      user = lookUp(name);
    }
    if (user === undefined) continue;
    if (canRunAs(user)) return user;
    reason = `this process may not become the user ${name}`;
  }
  throw new LocalSetupError(setupProblems.noUnprivilegedUser(reason === '' ? 'no such user exists' : reason));
}

function reaches(user: ServerUser, binaries: string, folder: string): boolean {
  const probe = 'test -x "$1/bin/postgres" && test -r "$1/share/postgresql/postgres.bki" && test -x "$2"';
  return (
    spawnSync('/bin/sh', ['-c', probe, 'sh', binaries, folder], { ...user, cwd: '/', stdio: 'ignore' }).status === 0
  );
}

/** A place of this data folder's own that every user may enter, for a checkout under a closed folder such as root's home. */
function openPlace(dataDir: string): string {
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  return join(process.platform === 'darwin' ? '/usr/local/var' : '/var/lib', `signalbox-${name}`);
}

/**
 * Decides who runs the server and from where. Run as root, a checkout that the unprivileged user cannot enter is
 * worked around: programs and files then live under `/var/lib`, tied to this data folder by `passwordFile`, so
 * that deleting the data folder still begins anew.
 * @throws LocalSetupError `no_unprivileged_user` or `data_folder_owner`.
 */
export function placeServer(options: {
  readonly binaries: string;
  readonly dataDir: string;
  readonly passwordFile: string;
  readonly log: (line: string) => void;
}): ServerPlace {
  const { binaries, dataDir, passwordFile, log } = options;
  const outside = openPlace(dataDir);
  const outsideData = join(outside, 'data');
  const user = chooseUser(existsSync(outsideData) && !existsSync(dataDir) ? outsideData : dataDir);
  if (user.uid === undefined || user.gid === undefined) return { user, binaries, dataDir };

  const parent = dirname(dataDir);
  mkdirSync(parent, { recursive: true });
  // The data folder itself may be entered (not listed); what it holds is guarded file by file.
  chmodSync(parent, (statSync(parent).mode & 0o7777) | 0o011);
  if (reaches(user, binaries, parent)) return { user, binaries, dataDir };

  if (!existsSync(passwordFile)) rmSync(outside, { recursive: true, force: true });
  mkdirSync(outside, { recursive: true, mode: 0o755 });
  const copy = join(outside, `programs-${createHash('sha256').update(binaries).digest('hex').slice(0, 12)}`);
  if (!existsSync(copy)) {
    rmSync(`${copy}.new`, { recursive: true, force: true });
    cpSync(binaries, `${copy}.new`, { recursive: true, verbatimSymlinks: true });
    renameSync(`${copy}.new`, copy);
  }
  if (!reaches(user, copy, outside)) {
    throw new LocalSetupError(
      setupProblems.noUnprivilegedUser(`user ${user.uid} can enter neither ${parent} nor ${outside}`),
    );
  }
  log(`The database user cannot enter ${parent}, so the database lives in ${outside}.`);
  return { user, binaries: copy, dataDir: outsideData };
}

/** Gives a file or folder to the server's user, where that is another one. */
export function giveTo(user: ServerUser, path: string): void {
  if (user.uid !== undefined && user.gid !== undefined) chownSync(path, user.uid, user.gid);
}
