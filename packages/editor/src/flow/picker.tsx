import { Command } from 'cmdk';
import { CornerDownRight } from 'lucide-react';
import { Popover } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { useFlow, useFlowUi, useOpenFlow } from '../canvas/flow-context.tsx';
import { chooseStep, focusOn } from '../canvas/focus.ts';
import { NodeIcon } from '../canvas/node-icon.tsx';
import { stepsOf } from '../flow-model/document.ts';
import { addStep, connect } from '../flow-model/edit.ts';
import { type StepView, viewOf } from '../flow-model/library.ts';
import { matchNodes } from '../flow-model/match-nodes.ts';
import type { PickerRequest } from '../flow-model/ui-store.ts';
import { t, tr } from '../lib/translate.ts';

const itemLook =
  'flex cursor-pointer items-center gap-2.5 rounded-md px-2 py-1.5 data-[selected=true]:bg-hover max-md:min-h-11';
const groupLook =
  '[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-3 [&_[cmdk-group-heading]]:text-xs';

/** Chooses what comes next at a place: a new step by typing its name, or an existing one. */
export function Picker() {
  const { ui } = useOpenFlow();
  const request = useFlowUi((state) => state.picker);
  if (request === null) return null;
  const close = () => ui.getState().set({ picker: null });
  const { x, y, width, height } = request.anchor;
  return (
    <Popover.Root open onOpenChange={(open) => open || close()}>
      <Popover.Anchor asChild>
        <span className="pointer-events-none fixed" style={{ left: x, top: y, width, height }} />
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content
          align="center"
          sideOffset={6}
          collisionPadding={12}
          aria-label={t(request.kind === 'go_to' ? 'picker.go_to' : 'picker.add')}
          onCloseAutoFocus={(event) => event.preventDefault()}
          onEscapeKeyDown={() => focusOn(ui.getState().focusKey ?? '')}
          className="z-50 w-80 max-w-[calc(100vw-24px)] overflow-hidden rounded-lg border border-line bg-raised shadow-float outline-none"
        >
          <Body key={request.kind} request={request} onDone={close} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Body({ request, onDone }: { readonly request: PickerRequest; readonly onDone: () => void }) {
  switch (request.kind) {
    case 'add':
      return <AddBody request={request} onDone={onDone} />;
    case 'go_to':
      return <GoToBody request={request} onDone={onDone} />;
    case 'outlet':
      return <OutletBody request={request} />;
  }
}

function Shell({
  text,
  onText,
  placeholder,
  children,
}: {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly placeholder: string;
  readonly children: ReactNode;
}) {
  return (
    <Command shouldFilter={false} label={placeholder} loop>
      <Command.Input
        dir="auto"
        autoFocus
        value={text}
        onValueChange={onText}
        placeholder={placeholder}
        className="h-11 w-full border-line border-b bg-transparent px-3.5 outline-none placeholder:text-ink-3"
      />
      <Command.List label={t('search.choices')} className="thin-scroll max-h-[min(380px,50vh)] overflow-y-auto p-1">
        <Command.Empty className="px-3 py-6 text-center text-ink-3 text-sm">{t('search.nothing')}</Command.Empty>
        {children}
      </Command.List>
    </Command>
  );
}

function AddBody({
  request,
  onDone,
}: {
  readonly request: Extract<PickerRequest, { kind: 'add' }>;
  readonly onDone: () => void;
}) {
  const { store, ui } = useOpenFlow();
  const [text, setText] = useState('');
  const hasTrigger = useFlow((state) => stepsOf(state.document).some((step) => viewOf(step).isTrigger));
  const groups = matchNodes(text, { triggers: request.place === null, others: request.place !== null || hasTrigger });
  const { place } = request;
  return (
    <Shell text={text} onText={setText} placeholder={t('picker.placeholder')}>
      {groups.map((group) => (
        <Command.Group key={group.group} heading={t(`group.${group.group}`)} className={groupLook}>
          {group.entries.map((entry) => (
            <Command.Item
              key={entry.node.type}
              value={entry.node.type}
              onSelect={() => {
                onDone();
                chooseStep({ store, ui }, addStep(store, entry.node.type, place, entry.preset));
              }}
              className={itemLook}
            >
              <NodeIcon icon={entry.node.icon} group={entry.node.group} />
              <span className="min-w-0">
                <span className="block font-medium">{entry.title}</span>
                <span className="line-clamp-1 text-ink-3 text-xs">{tr(entry.node.docs)}</span>
              </span>
            </Command.Item>
          ))}
        </Command.Group>
      ))}
      {place === null || text !== '' ? null : (
        <Command.Item
          value="go_to"
          className={itemLook}
          onSelect={() => ui.getState().set({ picker: { kind: 'go_to', place, anchor: request.anchor } })}
        >
          <span className="grid size-7 place-items-center rounded-[8px] bg-hover text-ink-2">
            <CornerDownRight aria-hidden className="size-4" />
          </span>
          <span className="font-medium">{t('picker.go_to')}</span>
        </Command.Item>
      )}
    </Shell>
  );
}

function GoToBody({
  request,
  onDone,
}: {
  readonly request: Extract<PickerRequest, { kind: 'go_to' }>;
  readonly onDone: () => void;
}) {
  const { store, ui } = useOpenFlow();
  const [text, setText] = useState('');
  const document = useFlow((state) => state.document);
  const reading = useFlowUi((state) => state.reading);
  const needle = text.trim().toLowerCase();
  const targets = (reading.length > 0 ? reading : document.order)
    .flatMap((id) => document.steps[id] ?? [])
    .map((step) => ({ step, view: viewOf(step) }))
    .filter(({ step, view }) => !view.isTrigger && step.id !== request.place.from)
    .map((target) => ({ ...target, rank: rankOf(target.view, needle) }))
    .filter(({ rank }) => rank < noMatch)
    .sort((a, b) => a.rank - b.rank);
  return (
    <Shell text={text} onText={setText} placeholder={t('picker.go_to_placeholder')}>
      {targets.map(({ step, view }) => (
        <Command.Item
          key={step.id}
          value={step.id}
          className={itemLook}
          onSelect={() => {
            onDone();
            connect(store, request.place, step.id);
            chooseStep({ store, ui }, step.id);
          }}
        >
          <NodeIcon icon={view.icon} group={view.group} />
          <span className="min-w-0">
            <span dir="auto" className="block truncate text-left font-medium">
              {view.title}
            </span>
            <span dir="auto" className="line-clamp-1 text-ink-3 text-xs [overflow-wrap:anywhere]">
              {view.summary}
            </span>
          </span>
        </Command.Item>
      ))}
    </Shell>
  );
}

const noMatch = 4;

/** How well a step fits what was typed: its title before what its summary says. Lower is better. */
function rankOf(view: StepView, needle: string): number {
  const title = view.title.toLowerCase();
  if (title.startsWith(needle)) return 0;
  if (title.split(/\s+/).some((word) => word.startsWith(needle))) return 1;
  if (title.includes(needle) || view.typeTitle.toLowerCase().startsWith(needle)) return 2;
  return view.summary.toLowerCase().includes(needle) ? 3 : noMatch;
}

function OutletBody({ request }: { readonly request: Extract<PickerRequest, { kind: 'outlet' }> }) {
  const { ui } = useOpenFlow();
  const [text, setText] = useState('');
  const step = useFlow((state) => state.document.steps[request.step]);
  const lines = useFlow((state) => state.document.lines[request.step]);
  const steps = useFlow((state) => state.document.steps);
  if (step === undefined) return null;
  const outlets = viewOf(step).outlets.filter((outlet) =>
    outlet.label.toLowerCase().includes(text.trim().toLowerCase()),
  );
  return (
    <Shell text={text} onText={setText} placeholder={t('picker.which_outlet')}>
      {outlets.map((outlet) => {
        const target = steps[lines?.[outlet.id] ?? ''];
        return (
          <Command.Item
            key={outlet.id}
            value={outlet.id}
            className={itemLook}
            onSelect={() =>
              ui.getState().set({
                picker: {
                  kind: request.then,
                  place: { from: request.step, outlet: outlet.id },
                  anchor: request.anchor,
                },
              })
            }
          >
            <span dir="auto" className="min-w-0 flex-1 truncate font-medium">
              {outlet.label}
            </span>
            <span dir="auto" className="max-w-36 truncate text-ink-3 text-sm">
              {target === undefined ? t('picker.open') : viewOf(target).title}
            </span>
          </Command.Item>
        );
      })}
    </Shell>
  );
}
