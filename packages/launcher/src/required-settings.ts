import { LocalSetupError } from './local-setup-error.ts';
import { setupProblems } from './messages.ts';

/** Which roles the environment asks for; both where it says nothing. */
export function rolesOf(env: NodeJS.ProcessEnv): { readonly api: boolean; readonly worker: boolean } {
  const roles = (env.ROLES || 'api,worker').split(',').map((role) => role.trim());
  return { api: roles.includes('api'), worker: roles.includes('worker') };
}

/** Whether the environment names a database of the operator's, or one role, which only makes sense with such a database. */
function isOutside(env: NodeJS.ProcessEnv): boolean {
  const { api, worker } = rolesOf(env);
  return Boolean(env.DATABASE_URL || env.DATABASE_ROUTER_URL || env.DATABASE_OWNER_URL) || api !== worker;
}

/**
 * Checks, before anything is started, that a process among others has all it needs: they share one database, one key and
 * one Temporal. A start that brings its own database needs nothing.
 *
 * @throws LocalSetupError `settings` naming every setting that is missing or does not fit.
 */
export async function requireSettings(env: NodeJS.ProcessEnv): Promise<void> {
  if (!isOutside(env)) return;
  // Loaded here alone: it is no part of a local start, which shows its first line at once.
  const { readSettings, SettingsError } = await import('@signalbox/engine/main/settings');
  const problems: string[] = [];
  try {
    readSettings(env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    problems.push(...error.problems);
  }
  const { api, worker } = rolesOf(env);
  if (api !== worker && !env.TEMPORAL_ADDRESS)
    problems.push('TEMPORAL_ADDRESS: is not set; the processes share one Temporal');
  if (problems.length > 0) throw new LocalSetupError(setupProblems.settings(problems));
}
