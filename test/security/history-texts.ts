import type { Client } from '@temporalio/client';

/** A piece of text that Temporal holds, and where. */
export type StoredText = { readonly workflowId: string; readonly place: string; readonly text: string };

/**
 * Everything that Temporal holds about every workflow of the client's namespace, as text: histories event by event (arguments,
 * results, failures, markers, signals, memos, summaries), the description (memo, search attributes, pending activities with their
 * heartbeats) and the ids. Bytes are read as UTF-8; what looks like base64 is read a second time, decoded.
 */
export async function storedTexts(client: Client): Promise<StoredText[]> {
  const texts: StoredText[] = [];
  for await (const execution of client.workflow.list()) {
    const { workflowId, runId } = execution;
    const handle = client.workflow.getHandle(workflowId, runId);
    const add = (place: string, text: string): void => void texts.push({ workflowId, place, text });
    add('id', workflowId);
    collect((await handle.describe()).raw, 'description', add);
    for (const event of (await handle.fetchHistory()).events ?? []) collect(event, `event ${event.eventId}`, add);
  }
  return texts;
}

/** Walks a decoded protobuf message: own fields, lists, bytes. */
function collect(value: unknown, place: string, add: (place: string, text: string) => void): void {
  if (typeof value === 'string') {
    for (const text of readings(value)) add(place, text);
  } else if (value instanceof Uint8Array) {
    for (const text of readings(Buffer.from(value).toString('utf8'))) add(place, text);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      add(`${place} key`, key);
      collect(inner, `${place}.${key}`, add);
    }
  }
}

/** A text as it stands, as JSON would unescape it, and decoded where it is base64 of something. */
function readings(text: string): string[] {
  const all = [text];
  const unescaped = unescapeJson(text);
  if (unescaped !== null && unescaped !== text) all.push(unescaped);
  for (const candidate of text.match(/[A-Za-z0-9+/_-]{8,}={0,2}/g) ?? []) {
    const decoded = Buffer.from(candidate, 'base64').toString('utf8');
    if (/[\p{L}\d]/u.test(decoded)) all.push(decoded);
  }
  return all;
}

function unescapeJson(text: string): string | null {
  if (!text.includes('\\')) return null;
  return text
    .replace(/\\u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/\\(["\\/])/g, '$1');
}

/** The texts in which one of the canaries stands, in any case; a number is also looked for without its plus sign. */
export function findCanaries(texts: readonly StoredText[], canaries: readonly string[]): string[] {
  const needles = canaries.map((canary) => canary.toLowerCase().replace(/^\+/, ''));
  return texts.flatMap(({ workflowId, place, text }) => {
    const lower = text.toLowerCase();
    return needles.filter((needle) => lower.includes(needle)).map((needle) => `${needle} in ${place} of ${workflowId}`);
  });
}
