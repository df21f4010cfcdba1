import { flowGraphSchema } from '@signalbox/nodes/flow/graph';
import { toast } from 'sonner';
import { z } from 'zod';
import { type Place, toDocument } from '../flow-model/document.ts';
import { clipOf, insertClip } from '../flow-model/edit.ts';
import type { FlowStore } from '../flow-model/flow-state.ts';
import { readClipboard, writeClipboard } from '../lib/clipboard.ts';
import { t } from '../lib/translate.ts';

const clipSchema = z.object({ signalbox: z.literal('steps'), graph: flowGraphSchema });

/** Puts the chosen steps on the clipboard, as text that another flow can take. */
export async function copySteps(store: FlowStore, ids: readonly string[]): Promise<void> {
  const clip = clipOf(store, ids);
  if (clip.steps.length === 0) return;
  const edges = Object.entries(clip.lines).flatMap(([from, lines]) =>
    Object.entries(lines).map(([outlet, to]) => ({ from, outlet, to })),
  );
  const graph = { schema_version: 1, steps: clip.steps, edges };
  if (!(await writeClipboard(JSON.stringify({ signalbox: 'steps', graph })))) toast(t('edit.copied_here'));
  else toast(t('edit.copied', { n: clip.steps.length }));
}

/** Puts steps from the clipboard in at a place; says so where there are none. Returns the new ids. */
export async function pasteSteps(store: FlowStore, at: Place | null): Promise<readonly string[]> {
  const text = await readClipboard();
  let value: unknown = null;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  const parsed = clipSchema.safeParse(value);
  if (!parsed.success || parsed.data.graph.steps.length === 0) {
    toast(t('edit.nothing_to_paste'));
    return [];
  }
  const { steps } = parsed.data.graph;
  const { lines } = toDocument({ name: '', description: '', graph: parsed.data.graph });
  return insertClip(store, { steps, lines }, at, t('edit.pasted', { n: steps.length }));
}
