import { setTimeout as delay } from 'node:timers/promises';

/** Waits until `check` gives something other than null, undefined or false. @throws Error with `what` after `timeoutMs`. */
export async function until<T>(what: string, check: () => T | Promise<T>, timeoutMs = 20_000): Promise<NonNullable<T>> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await check();
    if (value !== null && value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error(`Waited ${timeoutMs} ms for ${what}.`);
    await delay(50);
  }
}
