import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { LocalSetupError } from './local-setup-error.ts';
import { setupProblems } from './messages.ts';

/** The address everything local listens on. */
export const loopback = '127.0.0.1';

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Opens and closes a port; resolves to the number, rejects with the system's error. */
function tryPort(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.unref();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      const opened = typeof address === 'object' && address !== null ? address.port : port;
      server.close(() => resolve(opened));
    });
  });
}

/**
 * Below what Linux (32768–60999) and macOS (49152–65535) give out by themselves: a port of theirs is soon taken again, by any
 * connection that some program opens before whoever asked for the port listens on it.
 */
const ownPorts = { from: 20_000, to: 32_000 };

/** Finds a port that nothing listens on now. Another program may still take it before it is used. */
export async function findFreePort(host: string = loopback): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    try {
      return await tryPort(randomInt(ownPorts.from, ownPorts.to), host);
    } catch (error) {
      if (errorCode(error) !== 'EADDRINUSE') break;
    }
  }
  return tryPort(0, host);
}

/**
 * Checks that a wanted port can be opened.
 * @throws LocalSetupError `port_taken`, `port_forbidden` or `host_unusable`, naming what to choose instead.
 */
export async function requirePort(port: number, host: string = loopback): Promise<number> {
  try {
    return await tryPort(port, host);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EACCES' || code === 'EPERM') throw new LocalSetupError(setupProblems.portForbidden(port, host));
    if (code === 'EADDRINUSE') throw new LocalSetupError(setupProblems.portTaken(port, host));
    // Every other refusal to listen (EADDRNOTAVAIL, ENOTFOUND, EAFNOSUPPORT, …) is about the address.
    throw new LocalSetupError(setupProblems.hostUnusable(host, code), { cause: error });
  }
}

/**
 * Reads a port from the text of a setting.
 * @throws LocalSetupError `port_invalid`.
 */
export function parsePort(value: string | undefined, fallback: number): number {
  if (value === undefined || value.trim() === '') return fallback;
  const port = Number(value);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new LocalSetupError(setupProblems.portInvalid(value));
  return port;
}
