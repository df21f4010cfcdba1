import type { Flow } from '@signalbox/engine/flows/contract';
import { toast } from 'sonner';
import { problemFrom, problemLine, request } from './api.ts';
import { queryClient } from './queries.ts';
import { randomId } from './random-id.ts';
import { t } from './translate.ts';

/** Brings an archived flow back into the list, and says what came of it. */
export async function restoreFlow(flow: Pick<Flow, 'id' | 'name'>): Promise<void> {
  try {
    await request<Flow>('POST', `/flows/${flow.id}/restore`, { idempotencyKey: randomId() });
    toast.success(t('archive.undone', { flow: flow.name }));
  } catch (error) {
    toast.error(problemLine(problemFrom(error)));
  }
  await queryClient.invalidateQueries({ queryKey: ['flows'] });
}
