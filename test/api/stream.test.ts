import { statements } from '@signalbox/engine/db/connection';
import { openDb } from '@signalbox/engine/db/database';
import { writeFeed } from '@signalbox/engine/db/feed';
import { createFeedHub } from '@signalbox/engine/feed/hub';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { until } from '../support/harness.ts';
import { type ApiHarness, startApiHarness } from './client.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness();
});
afterAll(() => api.close());

type Seen = { readonly id: string; readonly event: string; readonly data: unknown };
type Watch = { readonly events: Seen[]; readonly ended: () => boolean; readonly close: () => void };

/** Opens a stream as a browser does. */
async function watch(options: { readonly lastEventId?: string; readonly token?: string } = {}): Promise<Watch> {
  const abort = new AbortController();
  const response = await fetch(`${api.url}/api/v1/stream`, {
    headers: {
      authorization: `Bearer ${options.token ?? api.full}`,
      ...(options.lastEventId === undefined ? {} : { 'last-event-id': options.lastEventId }),
    },
    signal: abort.signal,
  });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const events: Seen[] = [];
  let ended = false;
  const read = async (): Promise<void> => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const part of response.body ?? []) {
      text += decoder.decode(part, { stream: true });
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const lines = new Map(
          text
            .slice(0, end)
            .split('\n')
            .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
        );
        text = text.slice(end + 2);
        const data = lines.get('data');
        if (data !== undefined)
          events.push({ id: lines.get('id') ?? '', event: lines.get('event') ?? '', data: JSON.parse(data) });
      }
    }
  };
  read().then(
    () => {
      ended = true;
    },
    () => {
      ended = true;
    },
  );
  return { events, ended: () => ended, close: () => abort.abort() };
}

const createFlow = async (name: string) =>
  z.looseObject({ id: z.string() }).parse((await api.call('POST', '/api/v1/flows', { body: { name } })).body).id;
const changed = (watcher: Watch) =>
  watcher.events.flatMap((seen) =>
    seen.event === 'changed' ? z.object({ flows: z.array(z.string()) }).parse(seen.data).flows : [],
  );

describe('the stream', () => {
  test('begins with a snapshot, then tells what changes, to everyone', async () => {
    const existing = await createFlow('Before');
    const [one, two] = await Promise.all([watch(), watch()]);
    await until('two snapshots', () => one.events.length > 0 && two.events.length > 0);
    expect(one.events[0]).toMatchObject({
      event: 'snapshot',
      data: { counts: expect.arrayContaining([expect.objectContaining({ flow_id: existing })]) },
    });
    const made = await createFlow('After');
    await until('the change', () => changed(one).includes(made) && changed(two).includes(made));
    expect(one.events.filter((seen) => seen.event === 'snapshot')).toHaveLength(1);
    one.close();
    two.close();
    await until('nobody watches', () => api.api?.hub.watchers() === 0);
  });

  test('goes on where it was, with what was missed and no snapshot', async () => {
    const first = await watch();
    await until('a snapshot', () => first.events.length > 0);
    const seen = await createFlow('Seen');
    await until('the change', () => changed(first).includes(seen));
    const last = first.events.at(-1)?.id ?? '';
    first.close();
    const missed = [await createFlow('Missed 1'), await createFlow('Missed 2')];
    const again = await watch({ lastEventId: last });
    await until('what was missed', () => missed.every((id) => changed(again).includes(id)));
    expect(again.events.some((event) => event.event === 'snapshot')).toBe(false);
    expect(changed(again)).not.toContain(seen);
    again.close();
  });

  test('begins anew where the place is unknown or no longer kept', async () => {
    for (const lastEventId of ['nonsense', '1-999999', '99999999-1']) {
      const watcher = await watch({ lastEventId });
      await until('a snapshot', () => watcher.events.some((seen) => seen.event === 'snapshot'));
      watcher.close();
    }
  });

  test('a change that commits late is told, not skipped', async () => {
    const watcher = await watch();
    await until('a snapshot', () => watcher.events.length > 0);
    const late = await createFlow('Late');
    const lateId = (
      await api.inTx((tx) => tx.selectFrom('flows').select('id').where('name', '=', 'Late').executeTakeFirstOrThrow())
    ).id;
    await until('its creation', () => changed(watcher).includes(late));
    const before = watcher.events.length;
    // Its transaction id is older than those of the flow made meanwhile, and it commits after them.
    const opened = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const slow = api.inTx(async (tx) => {
      await writeFeed({ tx, workspaceId: api.workspaceId, now: new Date() }, { flowIds: [lateId] });
      opened.resolve();
      await release.promise;
    });
    await opened.promise;
    // Nobody waits for the one that is open, and nothing is told twice while it is.
    const meanwhile = await createFlow('Meanwhile');
    const sinceThen = () => changed({ ...watcher, events: watcher.events.slice(before) });
    await until('the later one', () => sinceThen().includes(meanwhile));
    const later = await createFlow('Later');
    await until('the latest one', () => sinceThen().includes(later));
    expect(sinceThen()).toEqual([meanwhile, later]);
    const place = watcher.events.at(-1)?.id ?? '';
    release.resolve();
    await slow;
    await until('the late one', () => sinceThen().includes(late));
    watcher.close();
    // Who goes on from a place told while it was open hears of it too.
    const again = await watch({ lastEventId: place });
    await until('the late one', () => changed(again).includes(late));
    expect(again.events.some((event) => event.event === 'snapshot')).toBe(false);
    again.close();
  });

  test('begins with what changed while the screen was read, before anybody watched', async () => {
    const made = await createFlow('A moment ago');
    const watcher = await watch();
    await until('the change', () => changed(watcher).includes(made));
    expect(watcher.events[0]?.event).toBe('snapshot');
    watcher.close();
  });

  test('what could not be read for a while is told once it can: its beginning, and a count that moved', async () => {
    let [reachable, refused] = [false, 0];
    const real = api.engine.db;
    const gone = openDb({ appUrl: 'postgres://127.0.0.1:1/none', routerUrl: 'postgres://127.0.0.1:1/none' });
    const db = {
      ...real,
      get app() {
        if (!reachable) refused += 1;
        return reachable ? real.app : gone.app;
      },
    };
    const told: string[] = [];
    const hub = createFeedHub({ db, log: api.engine.log, notifier: api.engine.notifier, now: () => new Date() });
    const stop = hub.watch(api.workspaceId, undefined, (events) => {
      told.push(...events.map(({ event }) => event.event));
      return true;
    });
    await until('a beginning that failed', () => refused > 0);
    expect(told).toEqual([]);
    reachable = true;
    await until('a snapshot', () => told.includes('snapshot'));

    const flow = await api.inTx((tx) => tx.selectFrom('flows').select('id').executeTakeFirstOrThrow());
    [reachable, refused] = [false, 0];
    told.length = 0;
    await api.inTx((tx) =>
      writeFeed({ tx, workspaceId: api.workspaceId, now: new Date() }, { flowIds: [flow.id], counts: true }),
    );
    api.engine.notifier.changed(api.workspaceId);
    await until('counts that could not be read', () => refused > 0);
    reachable = true;
    await until('the counts', () => told.includes('counts'));
    stop();
    hub.close();
    await gone.close();
  });

  test('reads nothing while nothing changes', async () => {
    const watcher = await watch();
    await until('a snapshot', () => watcher.events.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const before = statements.count;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(statements.count).toBe(before);
    await createFlow('Not idle');
    expect(statements.count).toBeGreaterThan(before);
    watcher.close();
  });

  test('signing out ends it', async () => {
    const token = await api.token('full');
    const watcher = await watch({ token });
    await until('a snapshot', () => watcher.events.length > 0);
    await api.call('POST', '/api/v1/session/sign-out', { token });
    await until('the end', watcher.ended);
  });
});
