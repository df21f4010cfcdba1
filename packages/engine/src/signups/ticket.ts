import { z } from 'zod';
import type { SecretBox } from '../accounts/secret-box.ts';
import type { FoundForm } from './find-form.ts';

/** How long a page that lies open can be sent, and how soon: nobody reads it and types a number in less. */
const [lifeMs, leastMs] = [24 * 3_600_000, 1_000];

const ticketSchema = z.tuple([z.string(), z.int(), z.int(), z.int(), z.string()]);

/** The place of what is sealed: credentials are sealed with the same key, and neither passes for the other. */
const place = 'sign-up-page';

/** What a page was: sealed into it, so that what somebody saw is known from us and not from them. */
export function makeTicket(box: SecretBox, { workspaceId, form }: FoundForm, at: Date, host: string): string {
  const words = JSON.stringify([form.id, form.revision, form.version, at.getTime(), host]);
  return box.seal(workspaceId, place, words).toString('base64url');
}

/** What a page that comes back was. */
export type Shown = {
  /** The host whose page it stood on; empty for our own. */
  readonly host: string;
  /** `fresh`: its words are those of now, and somebody had the time to read them. */
  readonly state: 'fresh' | 'too_soon' | 'stale';
};

/** Reads a page's ticket; null for one that was not made here for this form. */
export function readTicket(box: SecretBox, { workspaceId, form }: FoundForm, ticket: string, now: Date): Shown | null {
  if (!/^[\w-]{40,1200}$/.test(ticket)) return null;
  try {
    const opened: unknown = JSON.parse(box.open(workspaceId, place, Buffer.from(ticket, 'base64url')));
    const [formId, revision, version, at, host] = ticketSchema.parse(opened);
    if (formId !== form.id) return null;
    const ageMs = now.getTime() - at;
    const isOld = revision !== form.revision || version !== form.version || ageMs > lifeMs;
    return { host, state: isOld ? 'stale' : ageMs < leastMs ? 'too_soon' : 'fresh' };
  } catch {
    return null;
  }
}
