import { appRole, routerRole } from '@signalbox/engine/main/launcher-protocol';
import type { EngineSettings } from './engine-environment.ts';
import type { PostgresServer } from './postgres.ts';
import type { LocalSecrets } from './secrets.ts';

type DatabaseSettings = Pick<
  EngineSettings,
  'databaseUrl' | 'databaseRouterUrl' | 'databaseOwnerUrl' | 'passwords' | 'secretsKey'
>;

/**
 * The addresses of an outside database with the key of what is encrypted in it, or nothing when one of our own is to be
 * started (demo mode). `requireSettings` has seen that they are there.
 */
export function outsideDatabase(env: NodeJS.ProcessEnv): DatabaseSettings | undefined {
  const { DATABASE_URL, DATABASE_ROUTER_URL, DATABASE_OWNER_URL, SECRETS_KEY } = env;
  if (!DATABASE_URL || !DATABASE_ROUTER_URL || !SECRETS_KEY) return undefined;
  return {
    databaseUrl: DATABASE_URL,
    databaseRouterUrl: DATABASE_ROUTER_URL,
    ...(DATABASE_OWNER_URL ? { databaseOwnerUrl: DATABASE_OWNER_URL } : {}),
    secretsKey: SECRETS_KEY,
  };
}

/** The addresses of our own server, for the roles that the engine's migrations make. */
export function ownDatabase(server: PostgresServer, secrets: LocalSecrets, env: NodeJS.ProcessEnv): DatabaseSettings {
  return {
    databaseUrl: server.urlFor({ user: appRole, password: secrets.app_db_password }),
    databaseRouterUrl: server.urlFor({ user: routerRole, password: secrets.router_db_password }),
    databaseOwnerUrl: server.ownerUrl,
    passwords: { app: secrets.app_db_password, router: secrets.router_db_password },
    secretsKey: env.SECRETS_KEY || secrets.secrets_key,
  };
}
