import { connect, createServer, type Socket } from 'node:net';
import { createNotifier } from '@signalbox/engine/db/notifier';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Harness, startHarness, until } from '../support/harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ work: false });
});
afterAll(() => harness.close());

/** A way to the database that can be taken away: whoever tries it then is refused, and counted. */
async function breakableWay(url: string) {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let [open, refused] = [true, 0];
  const server = createServer((socket) => {
    if (!open) {
      refused += 1;
      socket.destroy();
      return;
    }
    const onward = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The way has no port.');
  const through = new URL(url);
  [through.hostname, through.port] = ['127.0.0.1', String(address.port)];
  return {
    url: through.href,
    refused: () => refused,
    take(): void {
      open = false;
      for (const socket of sockets) socket.destroy();
    },
    giveBack(): void {
      open = true;
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

describe('Nudges from another process', () => {
  test('are heard again after the database was away for longer than one try, and the gap is told', async () => {
    const { db, ownerUrl, engine } = harness;
    const way = await breakableWay(ownerUrl);
    const here = createNotifier({ db, log: engine.log, listenUrl: way.url });
    const there = createNotifier({ db, log: engine.log, listenUrl: ownerUrl });
    const heard: string[] = [];
    let [gaps, queued] = [0, 0];
    here.onChanged((workspaceId) => void heard.push(workspaceId));
    here.onGap(() => {
      gaps += 1;
    });
    here.onQueued(() => {
      queued += 1;
    });
    await here.start();
    there.changed('before');
    await until('the nudge', () => heard.includes('before'));

    way.take();
    await until('two tries in vain', () => way.refused() >= 2);
    expect([gaps, queued]).toEqual([0, 0]);
    way.giveBack();
    await until('the gap to be told', () => gaps === 1 && queued === 1);
    there.changed('after');
    await until('the next nudge', () => heard.includes('after'));
    await Promise.all([here.stop(), there.stop()]);
    await way.close();
  });
});
