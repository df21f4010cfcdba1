import { isOf } from '../account-messages.ts';
import type { Account } from '../accounts.ts';
import type { Ledger, LedgerMessage } from '../ledger.ts';
import { messageResource } from './twilio-wire.ts';

const dayMs = 86_400_000;

/** A range of milliseconds since 1970 from Twilio's three ways to say when; a bare date means its whole day in UTC. */
function dateRange(query: URLSearchParams): { from: number; to: number } {
  const read = (name: string, atDayEnd: boolean): number | undefined => {
    const value = query.get(name);
    if (value === null || value === '') return undefined;
    const at = Date.parse(value);
    if (Number.isNaN(at)) return undefined;
    return atDayEnd && /^\d{4}-\d\d-\d\d$/.test(value) ? at + dayMs - 1 : at;
  };
  const from = read('DateSent>', false) ?? read('DateSent', false) ?? Number.NEGATIVE_INFINITY;
  const to = read('DateSent<', true) ?? read('DateSent', true) ?? Number.POSITIVE_INFINITY;
  return { from, to };
}

/**
 * One page of an account's messages, newest first, in Twilio's paging envelope. Filters: To, From, DateSent, DateSent>
 * and DateSent<. A message not yet sent counts with the time of its acceptance, so a lookup right after finds it.
 */
export function listMessages(
  ledger: Ledger,
  account: Account,
  path: string,
  query: URLSearchParams,
): Record<string, unknown> {
  const pageSize = Math.min(1_000, Math.max(1, Number(query.get('PageSize')) || 50));
  const page = Math.max(0, Number(query.get('Page')) || 0);
  const before = Number(/^PA(\d+)$/.exec(query.get('PageToken') ?? '')?.[1] ?? Number.POSITIVE_INFINITY);
  const to = query.get('To');
  const from = query.get('From');
  const range = dateRange(query);
  const matches = (message: LedgerMessage): boolean => {
    const at = message.sentAt ?? message.createdAt;
    return (
      isOf(account, message) &&
      message.seq < before &&
      (to === null || to === '' || message.to === to) &&
      (from === null || from === '' || message.from === from) &&
      // Twilio's times have whole seconds.
      at >= range.from - 999 &&
      at <= range.to + 999
    );
  };
  const pool = to !== null && ledger.ofPhone(to).length > 0 ? ledger.ofPhone(to) : ledger.messages;
  const found: LedgerMessage[] = [];
  for (let index = pool.length - 1; index >= 0 && found.length <= pageSize; index -= 1) {
    const message = pool[index];
    if (message !== undefined && matches(message)) found.push(message);
  }
  const shown = found.slice(0, pageSize);
  const last = shown.at(-1);
  const address = (number: number, token: number | undefined): string => {
    const next = new URLSearchParams(query);
    next.set('PageSize', String(pageSize));
    next.set('Page', String(number));
    next.delete('PageToken');
    if (token !== undefined) next.set('PageToken', `PA${token}`);
    return `${path}?${next}`;
  };
  return {
    first_page_uri: address(0, undefined),
    end: page * pageSize + Math.max(0, shown.length - 1),
    previous_page_uri: page === 0 ? null : address(page - 1, undefined),
    messages: shown.map(messageResource),
    uri: `${path}${query.size === 0 ? '' : `?${query}`}`,
    page_size: pageSize,
    start: page * pageSize,
    next_page_uri: found.length > pageSize && last !== undefined ? address(page + 1, last.seq) : null,
    page,
  };
}
