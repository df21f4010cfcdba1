import type { Flow } from '@signalbox/engine/flows/contract';
import { lazy, Suspense, useEffect } from 'react';
import { DragGhost } from '../canvas/drag-ghost.tsx';
import { FlowCanvas } from '../canvas/flow-canvas.tsx';
import { useFlow, useFlowUi, useOpenFlow } from '../canvas/flow-context.tsx';
import { useSession } from '../lib/session.ts';
import { t } from '../lib/translate.ts';
import { useNarrow } from '../lib/use-media.ts';
import { usePhoneCommand } from '../phone/use-phone-command.ts';
import { Sheet } from '../ui/dialog.tsx';
import { EmptyCanvas } from './empty-canvas.tsx';
import { FlowActionDialogs } from './flow-action-dialogs.tsx';
import { FlowTopBar } from './flow-top-bar.tsx';
import { Inspector } from './inspector.tsx';
import { Notices } from './notices.tsx';
import { Outline } from './outline.tsx';
import { Palette } from './palette.tsx';
import { PeoplePanel } from './people-panel.tsx';
import { phoneNotice } from './phone-notice.ts';
import { Picker } from './picker.tsx';
import { ProblemsPanel } from './problems-panel.tsx';
import { PublishDialog } from './publish-dialog.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { SidePanel } from './side-panel.tsx';
import { useFlowCommands } from './use-flow-commands.ts';
import { useKeptFocus } from './use-kept-focus.ts';
import { useLayout, useProblems } from './use-model.ts';
import { useTogglePhone } from './use-toggle-phone.ts';

const Phone = lazy(() => import('../phone/phone.tsx').then((module) => ({ default: module.Phone })));

/** The editor around one flow: canvas or outline, inspector, problems, publishing, the phone. */
export function FlowEditor({ flow }: { readonly flow: Flow }) {
  const { store, ui } = useOpenFlow();
  const layout = useLayout(flow.kind);
  useProblems(flow);
  // Cards and rows are told their place in the reading order.
  useEffect(() => ui.getState().set({ reading: layout.reading }), [layout, ui]);
  useFlowCommands(flow);
  useKeptFocus();
  const narrow = useNarrow();
  const session = useSession();
  const readOnly = useFlow((state) => state.readOnly);
  const empty = useFlow((state) => state.document.order.length === 0);
  const selection = useFlow((state) => state.selection);
  const view = useFlowUi((state) => state.view);
  const problemsOpen = useFlowUi((state) => state.problemsOpen);
  const phoneOpen = useFlowUi((state) => state.phoneOpen);
  const peopleOf = useFlowUi((state) => state.peopleOf);
  const togglePhone = useTogglePhone();
  const [only] = selection;
  const framing = useFlowUi((state) => state.framing);
  // A panel that opened while a frame is drawn would take the room from under it.
  const inspected = selection.length === 1 && only !== undefined && !framing ? only : null;
  const demo = session?.demo ?? null;
  usePhoneCommand(demo === null ? null : togglePhone);
  const closeStep = () => store.getState().select([]);

  const side =
    peopleOf !== null ? (
      <PeoplePanel key={peopleOf} stepId={peopleOf} />
    ) : inspected === null ? null : (
      <Inspector key={inspected} stepId={inspected} onClose={closeStep} />
    );
  const phone =
    phoneOpen && demo !== null ? (
      <Suspense fallback={null}>
        <Phone
          demo={demo}
          onClose={() => ui.getState().set({ phoneOpen: false })}
          flow={{ id: flow.id, noticeFor: (text) => phoneNotice(flow, store.getState().document, text) }}
        />
      </Suspense>
    ) : null;
  return (
    <>
      <FlowTopBar flow={flow} />
      <Notices flow={flow} />
      <div className="flex min-h-0 flex-1">
        <div className="flex min-w-0 flex-1 flex-col">
          <div className="@container relative min-h-0 flex-1">
            {empty ? (
              <EmptyCanvas readOnly={readOnly} />
            ) : view === 'outline' ? (
              <Outline />
            ) : (
              <FlowCanvas layout={layout} readOnly={readOnly} />
            )}
            {view === 'canvas' && !readOnly && !narrow ? <Palette /> : null}
            {selection.length > 1 && !framing ? <SelectionBar readOnly={readOnly} /> : null}
          </div>
          {problemsOpen ? <ProblemsPanel /> : null}
        </div>
        {narrow || side === null ? null : (
          <SidePanel label={t(peopleOf === null ? 'inspector.label' : 'people.label')}>{side}</SidePanel>
        )}
        {narrow || phone === null ? null : (
          <aside
            aria-label={t('phone.label')}
            className="thin-scroll w-[340px] shrink-0 overflow-y-auto border-line border-l bg-sunken"
          >
            {phone}
          </aside>
        )}
      </div>
      {narrow ? (
        <>
          <Sheet
            open={side !== null}
            onOpenChange={(open) => open || (peopleOf === null ? closeStep() : ui.getState().set({ peopleOf: null }))}
            title={t(peopleOf === null ? 'inspector.label' : 'people.label')}
          >
            {side}
          </Sheet>
          <Sheet
            open={phone !== null}
            onOpenChange={(open) => open || ui.getState().set({ phoneOpen: false })}
            title={t('phone.label')}
          >
            <div className="thin-scroll overflow-y-auto">{phone}</div>
          </Sheet>
        </>
      ) : null}
      <Picker />
      <DragGhost />
      <PublishDialog flow={flow} />
      <FlowActionDialogs flow={flow} />
    </>
  );
}
