import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const requestSchema = z.object({ type: z.literal('sign-in-link') });
const answerSchema = z.object({ url: z.url().optional() });

export interface ControlSocket {
  /** Written into the lock file for a second start to find. */
  readonly path: string;
  readonly close: () => void;
}

/**
 * Listens for a second start on a unix socket that only this user can reach. It lies in the temporary folder because
 * the path of a socket may have no more than about a hundred characters.
 * @param link makes a fresh sign-in link, or nothing while the engine is not ready.
 */
export async function openControlSocket(link: () => Promise<string | undefined>): Promise<ControlSocket> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-control-'));
  const path = join(folder, 'control.sock');
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    createInterface({ input: socket }).once('line', (line) => {
      const answer = async () => {
        requestSchema.parse(JSON.parse(line));
        const url = await link();
        return url === undefined ? {} : { url };
      };
      answer().then(
        (body) => socket.end(`${JSON.stringify(body)}\n`),
        () => socket.destroy(),
      );
    });
  });
  server.unref();
  server.listen(path);
  await once(server, 'listening');
  return {
    path,
    close: () => {
      server.close();
      rmSync(dirname(path), { recursive: true, force: true });
    },
  };
}

/** Asks the running start for a fresh sign-in link; nothing when it does not answer in time or is not ready. */
export async function askForLink(path: string, timeoutMs: number): Promise<string | undefined> {
  const socket = connect(path);
  socket.setTimeout(timeoutMs, () => socket.destroy(new Error('no answer')));
  try {
    await once(socket, 'connect');
    socket.write(`${JSON.stringify({ type: 'sign-in-link' })}\n`);
    for await (const line of createInterface({ input: socket })) return answerSchema.parse(JSON.parse(line)).url;
    return undefined;
  } catch {
    return undefined;
  } finally {
    socket.destroy();
  }
}
