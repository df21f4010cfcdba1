import type { Flow } from '@signalbox/engine/flows/contract';
import { useFlowUi, useOpenFlow } from '../canvas/flow-context.tsx';
import { ArchiveConfirm } from './archive-confirm.tsx';
import { DescribeDialog } from './describe-dialog.tsx';
import { StateConfirm } from './state-confirm.tsx';

/** What an action on the flow asks before it happens. */
export function FlowActionDialogs({ flow }: { readonly flow: Flow }) {
  const { ui } = useOpenFlow();
  const asking = useFlowUi((state) => state.asking);
  const close = () => ui.getState().set({ asking: null });
  switch (asking) {
    case null:
      return null;
    case 'describe':
      return <DescribeDialog onClose={close} />;
    case 'archive':
      return <ArchiveConfirm flow={flow} onClose={close} />;
    default:
      return <StateConfirm key={asking} flow={flow} action={asking} onClose={close} />;
  }
}
