import { Panel, useReactFlow } from '@xyflow/react';
import { Maximize, Minus, Plus } from 'lucide-react';
import { t } from '../lib/translate.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { motion } from './motion.ts';

/** Nearer or further away, and all of it. */
export function ZoomPanel({ onFit }: { readonly onFit: () => void }) {
  const flow = useReactFlow();
  return (
    <Panel
      position="bottom-left"
      className="!m-3 flex items-center rounded-lg border border-line bg-surface p-0.5 shadow-card"
    >
      <IconButton
        icon={Minus}
        label={t('canvas.zoom_out')}
        size="icon-sm"
        hintSide="top"
        onClick={() => void flow.zoomOut({ duration: motion(120) })}
      />
      <IconButton
        icon={Plus}
        label={t('canvas.zoom_in')}
        size="icon-sm"
        hintSide="top"
        onClick={() => void flow.zoomIn({ duration: motion(120) })}
      />
      <IconButton icon={Maximize} label={t('canvas.fit')} size="icon-sm" hintSide="top" onClick={onFit} />
    </Panel>
  );
}
