import { stepSchema } from '@signalbox/nodes/flow/graph';
import { z } from 'zod';
import { emptyHistory, type History } from './history.ts';

const placedSchema = z.object({ step: stepSchema, behind: z.string().nullable() }).nullable();
const fieldValueSchema = z.object({ value: z.json() }).nullable();
const textSchema = z.string().nullable();

const changeSchema = z.discriminatedUnion('at', [
  z.object({ at: z.enum(['name', 'description']), before: z.string(), after: z.string() }),
  z.object({ at: z.literal('step'), id: z.string(), before: placedSchema, after: placedSchema }),
  z.object({
    at: z.literal('config'),
    id: z.string(),
    field: z.string(),
    before: fieldValueSchema,
    after: fieldValueSchema,
  }),
  z.object({ at: z.literal('title'), id: z.string(), before: textSchema, after: textSchema }),
  z.object({ at: z.literal('line'), from: z.string(), outlet: z.string(), before: textSchema, after: textSchema }),
]);
const entrySchema = z.object({
  label: z.string(),
  mergeKey: textSchema,
  changes: z.array(z.array(changeSchema)),
  at: z.number(),
});
const historySchema = z.object({ past: z.array(entrySchema), future: z.array(entrySchema) });

/** A tab keeps this many characters of its undo list; the oldest entries go first. */
const mostKept = 400_000;

/** The undo list as text, as much of it as is kept. */
export function writeHistory(history: History): string {
  for (let { past } = history; ; past = past.slice(Math.max(1, Math.floor(past.length / 2)))) {
    const text = JSON.stringify({ past, future: history.future });
    if (text.length <= mostKept || past.length === 0)
      return text.length <= mostKept ? text : JSON.stringify(emptyHistory);
  }
}

/** The undo list that a text holds; an empty one where it holds none. */
export function readHistory(text: string | null): History {
  try {
    return historySchema.safeParse(JSON.parse(text ?? 'null')).data ?? emptyHistory;
  } catch {
    return emptyHistory;
  }
}
