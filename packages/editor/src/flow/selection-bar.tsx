import { ClipboardCopy, Copy, Trash2, X } from 'lucide-react';
import { useFlow, useOpenFlow } from '../canvas/flow-context.tsx';
import { deleteAndFocus, focusCopies } from '../canvas/focus.ts';
import { duplicateSteps } from '../flow-model/edit.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { copySteps } from './clipboard.ts';

/** What can be done with several chosen steps. */
export function SelectionBar({ readOnly }: { readonly readOnly: boolean }) {
  const open = useOpenFlow();
  const { store } = open;
  const selection = useFlow((state) => state.selection);
  return (
    <div
      role="toolbar"
      aria-label={t('selection.label')}
      className="absolute top-3 left-1/2 z-10 flex -translate-x-1/2 items-center gap-1 rounded-lg border border-line bg-raised p-1 pl-3 shadow-float"
    >
      <span className="num mr-2 whitespace-nowrap font-medium text-sm">
        {t('selection.count', { n: selection.length })}
      </span>
      <Button kind="ghost" size="sm" onClick={() => void copySteps(store, selection)}>
        <ClipboardCopy aria-hidden />
        {t('selection.copy')}
      </Button>
      {readOnly ? null : (
        <>
          <Button kind="ghost" size="sm" onClick={() => focusCopies(open, duplicateSteps(store, selection))}>
            <Copy aria-hidden />
            {t('selection.duplicate')}
          </Button>
          <Button kind="ghost" size="sm" className="text-stop" onClick={() => deleteAndFocus(open, selection)}>
            <Trash2 aria-hidden />
            {t('selection.delete')}
          </Button>
        </>
      )}
      <IconButton icon={X} label={t('selection.clear')} size="icon-sm" onClick={() => store.getState().select([])} />
    </div>
  );
}
