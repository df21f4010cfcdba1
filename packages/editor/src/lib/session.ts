import type { Session } from '@signalbox/engine/access/contract';
import { useQuery } from '@tanstack/react-query';
import { request } from './api.ts';
import { queryClient, sessionQuery } from './queries.ts';

/** The session, once the frame has read it; null before. */
export function useSession(): Session | null {
  return useQuery({ ...sessionQuery, enabled: false }).data ?? null;
}

/** Ends the session in this browser. */
export async function signOut(): Promise<void> {
  await request('POST', '/session/sign-out');
  queryClient.clear();
  queryClient.setQueryData(sessionQuery.queryKey, null);
}
