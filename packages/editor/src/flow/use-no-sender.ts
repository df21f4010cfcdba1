import { useQuery } from '@tanstack/react-query';
import { hasSenderQuery } from '../lib/queries.ts';
import { stepsOf } from './document.ts';
import { useFlow } from './flow-context.tsx';
import { viewOf } from './library.ts';

/** Whether the flow sends messages while the workspace has no number to send from. */
export function useNoSender(): boolean {
  const sends = useFlow((state) => stepsOf(state.document).some((step) => viewOf(step).group === 'message'));
  const hasSender = useQuery({ ...hasSenderQuery, enabled: sends });
  return sends && hasSender.data === false;
}
