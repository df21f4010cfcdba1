import { type Logger, pino } from 'pino';
import { z } from 'zod';

const lineSchema = z.looseObject({ level: z.number(), msg: z.string().default('') });
export type LogLine = z.infer<typeof lineSchema>;

/** A logger whose lines are kept, as an operator would read them. */
export function captureLog(): { readonly logger: Logger; readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const write = (text: string): void => void lines.push(lineSchema.parse(JSON.parse(text)));
  return { logger: pino({ level: 'debug' }, { write }), lines };
}
