import { Copy, Trash2, X } from 'lucide-react';
import { useFlow, useFlowUi, useOpenFlow } from '../canvas/flow-context.tsx';
import { deleteAndFocus, focusCopies, focusOn } from '../canvas/focus.ts';
import { NodeIcon } from '../canvas/node-icon.tsx';
import { duplicateSteps, nameStep, setConfig } from '../flow-model/edit.ts';
import type { FlowProblem } from '../flow-model/flow-problems.ts';
import { docsOf, schemaOf, viewOf } from '../flow-model/library.ts';
import { stepKey } from '../flow-model/ui-store.ts';
import { SchemaForm } from '../forms/schema-form.tsx';
import { isComposing } from '../lib/keys.ts';
import { t, tr } from '../lib/translate.ts';
import { FieldProblem } from '../ui/field.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Input } from '../ui/input.tsx';
import { OutletList } from './outlet-list.tsx';
import { TestLink } from './test-link.tsx';

const none: readonly FlowProblem[] = [];

/** Everything about one step: its name, its settings, where its ways out lead, its problems. */
export function Inspector({ stepId, onClose }: { readonly stepId: string; readonly onClose: () => void }) {
  const { store, ui } = useOpenFlow();
  const step = useFlow((state) => state.document.steps[stepId]);
  const readOnly = useFlow((state) => state.readOnly);
  const problems = useFlowUi((state) => state.problemsByStep.get(stepId)) ?? none;
  if (step === undefined) return null;
  const view = viewOf(step);
  const schema = schemaOf(step.type);
  const general = problems.filter((problem) => problem.path.length === 0 && problem.code !== 'outlet_unconnected');
  const fields = problems.filter((problem) => problem.path.length > 0);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape goes back to the card from any field
    <div
      data-testid="inspector"
      data-inspector={stepId}
      className="flex min-h-0 flex-1 flex-col"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented || isComposing(event.nativeEvent)) return;
        event.preventDefault();
        focusOn(stepKey(stepId));
      }}
    >
      <header className="flex items-center gap-2.5 border-line border-b px-4 py-3">
        <NodeIcon icon={view.icon} group={view.group} />
        <div className="min-w-0 flex-1">
          {readOnly ? (
            <h2 dir="auto" className="truncate text-base">
              {view.title}
            </h2>
          ) : (
            <>
              <h2 dir="auto" className="sr-only">
                {view.title}
              </h2>
              <Input
                aria-label={t('inspector.name')}
                className="-ml-2 h-7 border-transparent bg-transparent px-2 font-semibold placeholder:text-ink hover:border-line max-md:h-9"
                value={step.name ?? ''}
                placeholder={view.typeTitle}
                maxLength={80}
                onChange={(event) => nameStep(store, stepId, event.target.value)}
              />
            </>
          )}
        </div>
        {readOnly ? null : (
          <>
            <IconButton
              icon={Copy}
              label={t('inspector.duplicate')}
              size="icon-sm"
              keys="$mod+KeyD"
              onClick={() => focusCopies({ store, ui }, duplicateSteps(store, [stepId]))}
            />
            <IconButton
              icon={Trash2}
              label={t('inspector.delete')}
              size="icon-sm"
              keys="Delete"
              onClick={() => deleteAndFocus({ store, ui }, [stepId])}
            />
          </>
        )}
        <IconButton icon={X} label={t('inspector.close')} size="icon-sm" onClick={onClose} />
      </header>
      <div className="thin-scroll min-h-0 flex-1 space-y-5 overflow-y-auto px-4 py-4">
        <p className="text-ink-2 text-sm">{tr(docsOf(step.type))}</p>
        <TestLink stepId={stepId} />
        {general.length === 0 ? null : (
          <div className="space-y-1.5 rounded-md border border-line bg-sunken p-3">
            {general.map((problem) => (
              <FieldProblem key={problem.code} note={problem} />
            ))}
          </div>
        )}
        {schema === null ? null : (
          <SchemaForm
            key={stepId}
            id={`field-${stepId}`}
            schema={schema}
            values={step.config}
            problems={fields}
            disabled={readOnly}
            onChange={(config, field) => setConfig(store, stepId, config, field)}
          />
        )}
        <OutletList step={step} />
      </div>
    </div>
  );
}
