import { join } from 'node:path';

/** What the launcher knows of the engine that it starts. */
export interface EngineSettings {
  readonly databaseUrl: string;
  readonly databaseRouterUrl: string;
  /** Absent where another process migrates. */
  readonly databaseOwnerUrl?: string;
  /** Absent with an outside database, whose roles are not ours to make. */
  readonly passwords?: { readonly app: string; readonly router: string };
  readonly secretsKey: string;
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  readonly host: string;
  readonly port: number;
  readonly dataFolder: string;
  /** Where fetched programs and what is made once are kept. */
  readonly cacheFolder: string;
  readonly demoCarrierUrl?: string;
}

/** The environment of the engine process. */
export function engineEnvironment(settings: EngineSettings, inherited: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {
    ...inherited,
    DATABASE_URL: settings.databaseUrl,
    DATABASE_ROUTER_URL: settings.databaseRouterUrl,
    SECRETS_KEY: settings.secretsKey,
    TEMPORAL_ADDRESS: settings.temporalAddress,
    TEMPORAL_NAMESPACE: settings.temporalNamespace,
    HOST: settings.host,
    PORT: String(settings.port),
    ROLES: inherited.ROLES || 'api,worker',
    SIGNALBOX_DATA: settings.dataFolder,
    SIGNALBOX_CACHE: settings.cacheFolder,
    MEDIA_DIR: inherited.MEDIA_DIR || join(settings.dataFolder, 'media'),
    NODE_COMPILE_CACHE: inherited.NODE_COMPILE_CACHE || join(settings.cacheFolder, 'compiled'),
    // Fewer arenas of glibc's allocator: the threads of this process would each keep one, some 40 MB in all.
    MALLOC_ARENA_MAX: inherited.MALLOC_ARENA_MAX ?? '2',
  };
  if (settings.databaseOwnerUrl !== undefined) environment.DATABASE_OWNER_URL = settings.databaseOwnerUrl;
  delete environment.DEMO_CARRIER_URL;
  if (settings.demoCarrierUrl !== undefined) environment.DEMO_CARRIER_URL = settings.demoCarrierUrl;
  if (settings.passwords !== undefined) {
    environment.APP_DB_PASSWORD = settings.passwords.app;
    environment.ROUTER_DB_PASSWORD = settings.passwords.router;
  }
  return environment;
}
