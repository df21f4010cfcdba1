import { randomId } from './random-id.ts';

/**
 * Where edits are kept that the server does not have yet: for each tab on its own, so that two tabs of one browser never overwrite
 * each other's. A tab that is gone leaves its edits to the next one that opens the flow.
 */
const prefix = 'signalbox.unsaved.';
const tabKey = 'signalbox.tab';
const lockOf = (tab: string): string => `signalbox-tab-${tab}`;
/** Without locks, edits of another tab count as left behind after this long without a change. */
const leftBehindAfter = 10 * 60_000;

let known: Promise<string> | null = null;

/** The name of this tab: the same after a reload, another one in a copy of the tab. */
export function tabName(): Promise<string> {
  known ??= claim(sessionStorage.getItem(tabKey) ?? randomId());
  return known;
}

async function claim(name: string): Promise<string> {
  sessionStorage.setItem(tabKey, name);
  if (navigator.locks === undefined) return name;
  const held = await new Promise<boolean>((resolve) => {
    void navigator.locks
      .request(lockOf(name), { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        // Held for as long as the tab is there.
        return lock === null ? undefined : new Promise(() => undefined);
      })
      .catch(() => resolve(true));
  });
  return held ? name : claim(randomId());
}

const keyOf = (flowId: string, tab: string): string => `${prefix}${flowId}.${tab}`;

/** Keeps what this tab has not saved yet; null forgets it. */
export function keepEdits(flowId: string, tab: string, text: string | null): void {
  if (text === null) localStorage.removeItem(keyOf(flowId, tab));
  else localStorage.setItem(keyOf(flowId, tab), JSON.stringify({ at: Date.now(), text }));
}

type Kept = { readonly at: number; readonly text: string };

function read(key: string): Kept | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    if (typeof value !== 'object' || value === null || !('text' in value) || !('at' in value)) return null;
    return typeof value.text === 'string' && typeof value.at === 'number' ? { at: value.at, text: value.text } : null;
  } catch {
    return null;
  }
}

/** What this tab kept of a flow, else the latest that a tab left behind which is gone; that becomes this tab's own. */
export async function keptEdits(flowId: string, tab: string): Promise<string | null> {
  const mine = read(keyOf(flowId, tab));
  if (mine !== null) return mine.text;
  const alive = await openTabs();
  const left = Object.keys(localStorage)
    .filter((key) => key.startsWith(`${prefix}${flowId}.`))
    .flatMap((key) => {
      const kept = read(key);
      const owner = key.slice(`${prefix}${flowId}.`.length);
      const gone =
        kept !== null && (alive === null ? Date.now() - kept.at > leftBehindAfter : !alive.has(lockOf(owner)));
      return gone ? [{ key, ...kept }] : [];
    })
    .sort((a, b) => b.at - a.at);
  const [latest] = left;
  if (latest === undefined) return null;
  localStorage.removeItem(latest.key);
  keepEdits(flowId, tab, latest.text);
  return latest.text;
}

/** The locks of the tabs that are there; null where the browser does not tell. */
async function openTabs(): Promise<ReadonlySet<string> | null> {
  if (navigator.locks === undefined) return null;
  const { held = [] } = await navigator.locks.query();
  return new Set(held.flatMap((lock) => lock.name ?? []));
}
