import { useFlowUi, useOpenFlow } from '../canvas/flow-context.tsx';
import { chooseStep } from '../canvas/focus.ts';
import { NodeIcon } from '../canvas/node-icon.tsx';
import { addStep } from '../flow-model/edit.ts';
import { palette } from '../flow-model/library.ts';
import { cn } from '../lib/cn.ts';
import { t, tr } from '../lib/translate.ts';

const triggers = palette.filter((node) => node.group === 'trigger');

/** A flow with nothing in it: choose what starts it. */
export function EmptyCanvas({ readOnly }: { readonly readOnly: boolean }) {
  const open = useOpenFlow();
  const besidePalette = useFlowUi((state) => state.paletteOpen && state.view === 'canvas');
  const over = useFlowUi((state) => state.drag?.over === 'start');
  if (readOnly) return <p className="grid h-full place-items-center text-ink-3">{t('empty_canvas.read_only')}</p>;
  return (
    <div
      data-drop="start"
      className={cn(
        'grid h-full place-items-center overflow-y-auto p-6',
        besidePalette && '@min-[761px]:pl-58',
        over && 'bg-action-soft',
      )}
    >
      <div className="w-full max-w-md text-center">
        <h2 className="text-xl">{t('empty_canvas.title')}</h2>
        <p className="mt-2 text-ink-2">{t('empty_canvas.text')}</p>
        <div className="mt-6 grid gap-2.5 text-left">
          {triggers.map((node) => (
            <button
              key={node.type}
              type="button"
              onClick={() => chooseStep(open, addStep(open.store, node.type, null))}
              className="flex items-start gap-3 rounded-lg border border-line bg-surface p-3.5 text-left shadow-card transition-colors hover:border-action"
            >
              <NodeIcon icon={node.icon} group={node.group} />
              <span>
                <span className="block font-semibold">{tr(node.title)}</span>
                <span className="block text-ink-2 text-sm">{tr(node.docs)}</span>
              </span>
            </button>
          ))}
        </div>
      </div>
    </div>
  );
}
