import { gateReasons, gateRemedies, refusesEveryone } from '@signalbox/nodes/gate/gate';
import { useQuery } from '@tanstack/react-query';
import { useFlow } from '../canvas/flow-context.tsx';
import { stepsOf } from '../flow-model/document.ts';
import { viewOf } from '../flow-model/library.ts';
import { hasSenderQuery } from '../lib/queries.ts';
import { tr } from '../lib/translate.ts';

/** Why the gate would refuse what the flow sends, whoever it is for, and what to do about it; null where it sends nothing, or may. */
export function useGateRefusal(): { readonly code: string; readonly title: string; readonly text: string } | null {
  const sends = useFlow((state) => stepsOf(state.document).some((step) => viewOf(step).group === 'message'));
  const { data: hasSender } = useQuery({ ...hasSenderQuery, enabled: sends });
  if (!sends || hasSender === undefined) return null;
  const reason = refusesEveryone({ hasSender, now: new Date() });
  if (reason === null) return null;
  const { code } = reason;
  return { code, title: `${tr(gateReasons[code] ?? code)}.`, text: tr(gateRemedies[code] ?? '') };
}
