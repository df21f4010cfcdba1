import { createPresence } from './presence.ts';
import { randomId } from './random-id.ts';

/**
 * Where edits are kept that the server does not have yet: for each tab on its own, so that two tabs of one browser never overwrite
 * each other's. A tab that is gone leaves its edits to the next one that opens the flow.
 */
const prefix = 'signalbox.unsaved.';
const tabKey = 'signalbox.tab';
/** Edits that another tab has taken over are kept for their owner this long, where nobody can tell for sure that it is gone. */
const forgottenAfter = 7 * 24 * 60 * 60_000;

const presence = createPresence('signalbox-tab');
let known: Promise<string> | null = null;

/** The name of this tab: the same after a reload, another one in a copy of the tab. */
export function tabName(): Promise<string> {
  known ??= claim(sessionStorage.getItem(tabKey));
  return known;
}

async function claim(before: string | null): Promise<string> {
  // A copy of a tab begins with what the other one remembers, its name too.
  const name = before !== null && (await presence.claim(before)) ? before : randomId();
  // Nobody else can have a new name: there is no answer to wait for.
  if (name !== before) void presence.claim(name);
  sessionStorage.setItem(tabKey, name);
  return name;
}

type Pending = { readonly timer: ReturnType<typeof setTimeout>; readonly write: () => void };
const pending = new Map<string, Pending>();
const quietMs = 250;

const keyOf = (flowId: string, tab: string): string => `${prefix}${flowId}.${tab}`;

/** Keeps what this tab has not saved yet; null forgets it. */
export function keepEdits(flowId: string, tab: string, text: string | null): void {
  clearTimeout(pending.get(keyOf(flowId, tab))?.timer);
  pending.delete(keyOf(flowId, tab));
  if (text === null) localStorage.removeItem(keyOf(flowId, tab));
  else write(keyOf(flowId, tab), { at: Date.now(), text, taken: false });
}

/**
 * Keeps what this tab has not saved yet once nothing has changed for a moment, which spares a write for each letter, or at once where the
 * page goes before that.
 */
export function keepEditsSoon(flowId: string, tab: string, text: () => string): void {
  const key = keyOf(flowId, tab);
  const write = () => keepEdits(flowId, tab, text());
  clearTimeout(pending.get(key)?.timer);
  pending.set(key, { timer: setTimeout(write, quietMs), write });
  addEventListener('pagehide', writePending);
}

function writePending(): void {
  for (const { write } of [...pending.values()]) write();
}

/** `taken`: another tab goes on with these edits, and no third one shall; their owner still may, should it be there after all. */
type Kept = { readonly at: number; readonly text: string; readonly taken: boolean };

function write(key: string, kept: Kept): void {
  localStorage.setItem(key, JSON.stringify(kept));
}

function read(key: string): Kept | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    if (typeof value !== 'object' || value === null || !('text' in value) || !('at' in value)) return null;
    if (typeof value.text !== 'string' || typeof value.at !== 'number') return null;
    return { at: value.at, text: value.text, taken: 'taken' in value && value.taken === true };
  } catch {
    return null;
  }
}

/** What this tab kept of a flow, else the latest that a tab left behind which is gone; that becomes this tab's own. */
export async function keptEdits(flowId: string, tab: string): Promise<string | null> {
  const mine = read(keyOf(flowId, tab));
  if (mine !== null) return mine.text;
  const others = Object.keys(localStorage).filter((key) => key.startsWith(`${prefix}${flowId}.`));
  if (others.length === 0) return null;
  const there = await presence.others();
  const left = others
    .flatMap((key) => {
      const kept = read(key);
      const owner = key.slice(`${prefix}${flowId}.`.length);
      return kept === null || kept.taken || there.names.has(owner) ? [] : [{ key, kept }];
    })
    .sort((a, b) => b.kept.at - a.kept.at);
  for (const key of others) if (isForgotten(read(key))) localStorage.removeItem(key);
  const [latest] = left;
  if (latest === undefined) return null;
  if (there.certain) localStorage.removeItem(latest.key);
  else write(latest.key, { ...latest.kept, taken: true });
  keepEdits(flowId, tab, latest.kept.text);
  return latest.kept.text;
}

const isForgotten = (kept: Kept | null): boolean => kept?.taken === true && Date.now() - kept.at > forgottenAfter;
