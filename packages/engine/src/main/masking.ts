import { maskNumbers } from '@signalbox/nodes/text/phone-number';
import type { DestinationStream } from 'pino';

/** A log destination through which no phone number passes, wherever in a line it stands: message, field, address, stack or database error. */
export function maskingDestination(write: (line: string) => void): DestinationStream {
  return { write: (line) => write(maskNumbers(line)) };
}
