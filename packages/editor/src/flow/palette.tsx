import { PanelLeftClose, PanelLeftOpen } from 'lucide-react';
import { beginDrag } from '../canvas/drag.ts';
import { useFlowUi, useOpenFlow } from '../canvas/flow-context.tsx';
import { chooseStep } from '../canvas/focus.ts';
import { NodeIcon } from '../canvas/node-icon.tsx';
import { addStep, endOfLine } from '../flow-model/edit.ts';
import { matchNodes } from '../flow-model/match-nodes.ts';
import { t, tr } from '../lib/translate.ts';
import { IconButton } from '../ui/icon-button.tsx';

const everything = matchNodes('', { triggers: true, others: true });

/** The steps to choose from: drag one onto a "+" or a line, or click to put it at the end of the line. */
export function Palette() {
  const open = useOpenFlow();
  const shown = useFlowUi((state) => state.paletteOpen);
  const toggle = () => open.ui.getState().set({ paletteOpen: !shown });
  if (!shown) {
    return (
      <div className="absolute top-3 left-3 z-10 rounded-lg border border-line bg-surface p-0.5 shadow-card @max-[760px]:hidden">
        <IconButton icon={PanelLeftOpen} label={t('palette.open')} size="icon-sm" hintSide="right" onClick={toggle} />
      </div>
    );
  }
  const add = (type: string) => {
    const [selected] = open.store.getState().selection;
    chooseStep(open, addStep(open.store, type, endOfLine(open.store, selected ?? null)));
  };
  return (
    <aside
      aria-label={t('palette.label')}
      className="thin-scroll absolute top-3 bottom-16 left-3 z-10 flex max-h-fit w-52 flex-col @max-[760px]:hidden overflow-y-auto rounded-lg border border-line bg-surface shadow-card"
    >
      <header className="flex items-center justify-between py-1 pr-1 pl-3">
        <h2 className="text-sm">{t('palette.label')}</h2>
        <IconButton icon={PanelLeftClose} label={t('palette.close')} size="icon-sm" onClick={toggle} />
      </header>
      {everything.map((group) => (
        <section key={group.group} className="px-1.5 pb-1.5">
          <h3 className="px-1.5 pt-1 pb-0.5 font-medium text-ink-3 text-xs">{t(`group.${group.group}`)}</h3>
          {group.entries.map(({ node }) => (
            <button
              key={node.type}
              type="button"
              title={tr(node.docs)}
              data-testid={`palette-${node.type}`}
              onClick={() => add(node.type)}
              onPointerDown={(event) =>
                beginDrag(event.nativeEvent, { kind: 'node', type: node.type, title: tr(node.title) }, open)
              }
              className="flex w-full touch-none items-center gap-2 rounded-md px-1.5 py-1 text-left text-sm hover:bg-hover active:cursor-grabbing"
            >
              <NodeIcon icon={node.icon} group={node.group} className="size-6 rounded-[6px] [&_svg]:size-3.5" />
              {tr(node.title)}
            </button>
          ))}
        </section>
      ))}
      <p className="border-line border-t px-3 py-2 text-ink-3 text-xs">{t('palette.hint')}</p>
    </aside>
  );
}
