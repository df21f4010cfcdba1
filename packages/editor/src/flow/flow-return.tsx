import type { Flow } from '@signalbox/engine/flows/contract';
import { ReturnPanel } from '../goals/return-panel.tsx';
import { t } from '../lib/translate.ts';
import { Dialog } from '../ui/dialog.tsx';

/** What a flow brought in, over its canvas. */
export function FlowReturnDialog({ flow, onClose }: { readonly flow: Flow; readonly onClose: () => void }) {
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t('return.title')}
      description={t('return.text')}
      width="max-w-2xl"
    >
      <ReturnPanel flowId={flow.id} />
    </Dialog>
  );
}
