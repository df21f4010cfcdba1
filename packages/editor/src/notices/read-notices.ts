import type { NoticeList } from '@signalbox/engine/notices/contract';
import { request } from '../lib/api.ts';
import { queryClient } from '../lib/queries.ts';

/** Marks what was shown as read, for everybody. One that came meanwhile stays unread; where it fails, so does the rest. */
export async function readNotices({ data, unread }: NoticeList): Promise<void> {
  const [newest] = data;
  if (newest === undefined || unread === 0) return;
  await request('POST', `/notices/${newest.id}/read`).catch(() => undefined);
  void queryClient.invalidateQueries({ queryKey: ['notices'] });
}
