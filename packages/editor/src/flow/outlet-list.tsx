import type { Step } from '@signalbox/nodes/flow/graph';
import { ArrowRight, Plus, Unlink } from 'lucide-react';
import { useFlow, useOpenFlow } from '../canvas/flow-context.tsx';
import { chooseStep } from '../canvas/focus.ts';
import { disconnect } from '../flow-model/edit.ts';
import { viewOf } from '../flow-model/library.ts';
import { anchorOf } from '../flow-model/ui-store.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';

/** Where each way out of a step leads, and the way to change it without a mouse. */
export function OutletList({ step }: { readonly step: Step }) {
  const { store, ui } = useOpenFlow();
  const document = useFlow((state) => state.document);
  const readOnly = useFlow((state) => state.readOnly);
  const outlets = viewOf(step).outlets;
  if (outlets.length === 0) return null;
  return (
    <section className="border-line border-t pt-4">
      <h3 className="mb-2 text-sm">{t('inspector.ways_out')}</h3>
      <ul className="grid grid-cols-[auto_auto_minmax(0,1fr)_auto] items-center gap-x-1.5 gap-y-1">
        {outlets.map((outlet) => {
          const place = { from: step.id, outlet: outlet.id };
          const to = document.lines[step.id]?.[outlet.id];
          const target = to === undefined ? undefined : document.steps[to];
          return (
            <li key={outlet.id} className="contents text-sm">
              <span dir="auto" className="max-w-32 truncate py-1.5 text-left text-ink-2">
                {outlet.label}
              </span>
              <ArrowRight aria-hidden className="size-3.5 shrink-0 text-ink-3" />
              {target === undefined ? (
                <span className="truncate text-ink-3">{t('inspector.leads_nowhere')}</span>
              ) : (
                <Button
                  kind="link"
                  size="text"
                  className="min-w-0 justify-start truncate"
                  onClick={() => chooseStep({ store, ui }, target.id)}
                >
                  <span dir="auto" className="truncate">
                    {viewOf(target).title}
                  </span>
                </Button>
              )}
              {readOnly ? (
                <span />
              ) : (
                <span className="flex items-center">
                  <IconButton
                    icon={Plus}
                    size="icon-sm"
                    label={t('inspector.add_at', { outlet: outlet.label })}
                    onClick={(event) =>
                      ui.getState().set({ picker: { kind: 'add', place, anchor: anchorOf(event.currentTarget) } })
                    }
                  />
                  <Button
                    kind="ghost"
                    size="sm"
                    aria-label={t('inspector.go_to', { outlet: outlet.label })}
                    onClick={(event) =>
                      ui.getState().set({ picker: { kind: 'go_to', place, anchor: anchorOf(event.currentTarget) } })
                    }
                  >
                    {t('inspector.go_to_short')}
                  </Button>
                  {target === undefined ? null : (
                    <IconButton
                      icon={Unlink}
                      size="icon-sm"
                      label={t('canvas.disconnect', { outlet: outlet.label })}
                      onClick={() => disconnect(store, place)}
                    />
                  )}
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
