import { useQuery } from '@tanstack/react-query';
import { useFlow } from '../canvas/flow-context.tsx';
import { stepsOf } from '../flow-model/document.ts';
import { viewOf } from '../flow-model/library.ts';
import { hasSenderQuery } from '../lib/queries.ts';

/** Whether the flow sends messages while the workspace has no number to send from. */
export function useNoSender(): boolean {
  const sends = useFlow((state) => stepsOf(state.document).some((step) => viewOf(step).group === 'message'));
  const hasSender = useQuery({ ...hasSenderQuery, enabled: sends });
  return sends && hasSender.data === false;
}
