import { maskPhone } from '@signalbox/nodes/text/phone-number';
import type { DestinationStream } from 'pino';

/** A number in international form, also as an address carries it. */
const number = /(?:\+|%2B)(\d{7,15})/gi;

/** The text with every phone number masked. */
export function maskNumbers(text: string): string {
  return text.replace(number, (_whole, digits: string) => maskPhone(`+${digits}`));
}

/** A log destination through which no phone number passes, wherever in a line it stands: message, field, address, stack or database error. */
export function maskingDestination(write: (line: string) => void): DestinationStream {
  return { write: (line) => write(maskNumbers(line)) };
}
