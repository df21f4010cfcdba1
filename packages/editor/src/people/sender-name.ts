import { formatPhone } from '../lib/format.ts';
import { tOpen } from '../lib/translate.ts';

/** A sender as people read it: a number in groups, a name or a short code as it is. */
export const senderName = (address: string): string => (address.startsWith('+') ? formatPhone(address) : address);

/** What a kind of sender is called; one that is new here goes by its own name. */
export const senderKindName = (kind: string): string => tOpen(`sender.${kind}`, kind);
