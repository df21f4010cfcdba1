import type { StreamEvent } from '@signalbox/engine/feed/contract';
import type { FlowCounts } from '@signalbox/engine/flows/contract';
import type { QueryKey } from '@tanstack/react-query';
import { counts } from './counts-store.ts';
import { queryClient } from './queries.ts';
import { readAgain } from './read-again.ts';

type Told =
  | { readonly kind: 'event'; readonly event: StreamEvent }
  | { readonly kind: 'state'; readonly connected: boolean }
  | { readonly kind: 'hello' };

type ConnectionListener = (connected: boolean) => void;

const connectionListeners = new Set<ConnectionListener>();
let connected = true;

/** Whether live updates arrive; for the notice in the frame. */
export const streamState = {
  get: (): boolean => connected,
  subscribe(listener: ConnectionListener): () => void {
    connectionListeners.add(listener);
    return () => connectionListeners.delete(listener);
  },
};

function setConnected(next: boolean): void {
  if (connected === next) return;
  connected = next;
  for (const listener of connectionListeners) listener(next);
}

/** What has to be read again after a change; the screens say so. */
export type StaleAfter = (topic: string, ids: readonly string[]) => readonly QueryKey[];
let staleAfter: StaleAfter = () => [];

function invalidate(data: Extract<StreamEvent, { event: 'changed' }>['data']): void {
  if (data.all) {
    readAgain(queryClient, { predicate: (query) => query.queryKey[0] !== 'session' });
    return;
  }
  for (const { topic, ids } of data.topics) readTopicAgain(topic, ids);
}

function readTopicAgain(topic: string, ids: readonly string[]): void {
  for (const queryKey of staleAfter(topic, ids)) readAgain(queryClient, { queryKey });
}

const restless = new Set<string>();
let calming = false;

/** Numbers changed: what shows who stands behind them is read again, in a burst at most every two seconds. */
function refreshCounted(changed: readonly FlowCounts[]): void {
  for (const flow of changed) restless.add(flow.flow_id);
  if (calming) return;
  calming = true;
  setTimeout(() => {
    calming = false;
    readTopicAgain('counts', [...restless]);
    restless.clear();
  }, 2_000);
}

function take(event: StreamEvent): void {
  if (event.event === 'changed') {
    invalidate(event.data);
    return;
  }
  counts.apply(event.data.counts);
  if (event.event === 'counts') refreshCounted(event.data.counts);
}

/** Holds the browser's one connection and tells the other tabs. Resolves when the signal aborts. */
function lead(channel: BroadcastChannel, signal: AbortSignal): Promise<void> {
  const known = new Map<string, FlowCounts>();
  const source = new EventSource('/api/v1/stream');
  let opened = false;
  const tell = (told: Told) => channel.postMessage(told);
  const onEvent = (event: StreamEvent) => {
    if (event.event !== 'changed') for (const flow of event.data.counts) known.set(flow.flow_id, flow);
    take(event);
    tell({ kind: 'event', event });
  };
  const setState = (next: boolean) => {
    setConnected(next);
    tell({ kind: 'state', connected: next });
  };
  source.addEventListener('open', () => {
    setState(true);
    // After a gap the deltas may not reach back far enough: read again what is on screen.
    if (opened) onEvent({ event: 'changed', data: { flows: [], contacts: [], topics: [], all: true } });
    opened = true;
  });
  source.addEventListener('error', () => setState(false));
  source.addEventListener('snapshot', (message) => onEvent({ event: 'snapshot', data: JSON.parse(message.data) }));
  source.addEventListener('counts', (message) => onEvent({ event: 'counts', data: JSON.parse(message.data) }));
  source.addEventListener('changed', (message) => onEvent({ event: 'changed', data: JSON.parse(message.data) }));
  const onTold = (message: MessageEvent<Told>) => {
    if (message.data.kind !== 'hello') return;
    tell({ kind: 'event', event: { event: 'snapshot', data: { counts: [...known.values()] } } });
    tell({ kind: 'state', connected: source.readyState === EventSource.OPEN });
  };
  channel.addEventListener('message', onTold);
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      source.close();
      channel.removeEventListener('message', onTold);
      resolve();
    });
  });
}

/** Joins the browser's shared event stream; the tab that holds the lock keeps the connection. Returns the way to leave. */
export function joinStream(topics: StaleAfter): () => void {
  staleAfter = topics;
  const stop = new AbortController();
  const channel = new BroadcastChannel('signalbox-stream');
  let leading = false;
  channel.addEventListener('message', (message: MessageEvent<Told>) => {
    if (leading) return;
    if (message.data.kind === 'event') take(message.data.event);
    if (message.data.kind === 'state') setConnected(message.data.connected);
  });
  const hello: Told = { kind: 'hello' };
  channel.postMessage(hello);
  // Pages that came by plain HTTP have no locks: there each tab keeps a connection of its own.
  if (navigator.locks === undefined) {
    leading = true;
    void lead(channel, stop.signal);
  } else
    void navigator.locks
      .request('signalbox-stream', { signal: stop.signal }, () => {
        leading = true;
        return lead(channel, stop.signal);
      })
      .catch(() => undefined);
  return () => {
    stop.abort();
    channel.close();
  };
}
