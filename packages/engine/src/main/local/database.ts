import { appRole, type EngineSettings, routerRole } from './engine-process.ts';
import { LocalSetupError } from './local-setup-error.ts';
import { setupProblems } from './messages.ts';
import type { PostgresServer } from './postgres.ts';
import type { LocalSecrets } from './secrets.ts';

type DatabaseSettings = Pick<EngineSettings, 'databaseUrl' | 'databaseRouterUrl' | 'databaseOwnerUrl' | 'passwords'>;

/** The addresses of an outside database, or nothing when one of our own is to be started (demo mode). */
export function outsideDatabase(env: NodeJS.ProcessEnv): DatabaseSettings | undefined {
  const databaseUrl = env.DATABASE_URL;
  if (databaseUrl === undefined || databaseUrl === '') return undefined;
  const required = (name: string): string => {
    const value = env[name];
    if (value === undefined || value === '') throw new LocalSetupError(setupProblems.databaseSettings(name));
    return value;
  };
  return {
    databaseUrl,
    databaseRouterUrl: required('DATABASE_ROUTER_URL'),
    databaseOwnerUrl: required('DATABASE_OWNER_URL'),
  };
}

/** The addresses of our own server, for the roles that the engine's migrations make. */
export function ownDatabase(server: PostgresServer, secrets: LocalSecrets): DatabaseSettings {
  return {
    databaseUrl: server.urlFor({ user: appRole, password: secrets.app_db_password }),
    databaseRouterUrl: server.urlFor({ user: routerRole, password: secrets.router_db_password }),
    databaseOwnerUrl: server.ownerUrl,
    passwords: { app: secrets.app_db_password, router: secrets.router_db_password },
  };
}
