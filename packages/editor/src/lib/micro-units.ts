import { formatMoney } from './format.ts';

/** An amount in millionths as somebody writes it: `12.5`; nothing for null. */
export const writtenAmount = (microUnits: string | null): string =>
  microUnits === null ? '' : String(Number(microUnits) / 1_000_000);

/** What somebody wrote, in millionths: null where it is empty, and as it was written where it is no amount, for the server to say so. */
export function readAmount(text: string): string | null {
  const written = text.trim();
  if (written === '') return null;
  const [, whole, fraction = ''] = /^(\d{1,9})(?:[.,](\d{0,6}))?$/.exec(written) ?? [];
  return whole === undefined ? written : String(BigInt(whole + fraction.padEnd(6, '0')));
}

/** An amount in millionths as people read it, in its currency. */
export const shownAmount = (microUnits: string, currency: string): string =>
  formatMoney(Number(microUnits) / 1_000_000, currency);
