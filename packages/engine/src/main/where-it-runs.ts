import { dataFolderPath, type Running, readRunning } from './running-file.ts';

/** Where the installation runs that a command is about: by the addresses in the environment, else by the data folder of a local start. */
export function whereItRuns(): Running | null {
  const { DATABASE_URL, DATABASE_ROUTER_URL, PUBLIC_URL, HOST, PORT } = process.env;
  if (DATABASE_URL && DATABASE_ROUTER_URL) {
    return {
      database_url: DATABASE_URL,
      database_router_url: DATABASE_ROUTER_URL,
      url: PUBLIC_URL || `http://${HOST || '127.0.0.1'}:${PORT || '4600'}`,
    };
  }
  return readRunning(dataFolderPath());
}
