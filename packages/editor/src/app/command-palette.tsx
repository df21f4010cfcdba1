import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { Archive, MessageSquareText, Search, User, Workflow } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { type RefObject, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { type AppCommand, orderedGroups, useAllCommands } from '../lib/commands.ts';
import { formatPhone } from '../lib/format.ts';
import { archivedFlowsQuery, contactsQuery, flowsQuery, messageSearchQuery } from '../lib/queries.ts';
import { t } from '../lib/translate.ts';
import { nameOf } from '../people/names.ts';
import { Kbd } from '../ui/kbd.tsx';

const itemLook =
  'flex cursor-pointer items-center gap-3 rounded-md px-2.5 py-2 text-base data-[selected=true]:bg-hover max-md:min-h-11 [&_svg]:size-4 [&_svg]:text-ink-3';
const groupLook =
  '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2.5 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-3 [&_[cmdk-group-heading]]:text-xs';

/** Every typed word begins a word of the entry. */
function matches({ label, words = '' }: AppCommand, search: string): boolean {
  const known = `${label} ${words}`.toLowerCase().split(/\s+/);
  const typed = search.toLowerCase().split(/\s+/);
  return typed.every((part) => known.some((word) => word.startsWith(part)));
}

/** Everything one can do or go to, by typing. */
export function CommandPalette({
  open,
  onOpenChange,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  const before = useRef<Element | null>(null);
  const chosen = useRef(false);
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-50 bg-[oklch(0.2_0.01_70/0.35)]" />
        <Dialog.Content
          aria-describedby={undefined}
          onOpenAutoFocus={() => {
            before.current = document.activeElement;
            chosen.current = false;
          }}
          onCloseAutoFocus={(event) => chosen.current && event.preventDefault()}
          className="fixed top-[12vh] left-1/2 z-50 w-[min(620px,calc(100vw-2rem))] -translate-x-1/2 overflow-hidden rounded-lg border border-line bg-raised shadow-float outline-none"
        >
          <Dialog.Title className="sr-only">{t('commands.palette')}</Dialog.Title>
          <PaletteBody
            before={before}
            onDone={() => {
              chosen.current = true;
              onOpenChange(false);
            }}
          />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

type BodyProps = { readonly onDone: () => void; readonly before: RefObject<Element | null> };

function PaletteBody({ onDone, before }: BodyProps) {
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const search = text.trim();
  const commands = useAllCommands().filter(
    (command) => command.hidden !== true && matches(command, search) && (command.when?.() ?? true),
  );
  const flows = useInfiniteQuery({ ...flowsQuery(search, ''), enabled: search.length > 1 });
  const archived = useInfiniteQuery({ ...archivedFlowsQuery(search), enabled: search.length > 1 });
  const people = useInfiniteQuery({ ...contactsQuery(search), enabled: search.length > 1 });
  const messages = useInfiniteQuery({ ...messageSearchQuery(search), enabled: search.length > 1 });
  const groups = orderedGroups(commands);
  const act = (run: () => void) => {
    // The dialog is gone and the focus is back before the command runs, so that the command may move it.
    flushSync(onDone);
    if (before.current instanceof HTMLElement) before.current.focus();
    run();
  };
  const looking = search.length > 1 && [flows, archived, people, messages].some((query) => query.isFetching);
  const flowRows = search.length > 1 ? (flows.data?.pages[0]?.data.slice(0, 6) ?? []) : [];
  const archivedRows = search.length > 1 ? (archived.data?.pages[0]?.data.slice(0, 6) ?? []) : [];
  const peopleRows = search.length > 1 ? (people.data?.pages[0]?.data.slice(0, 6) ?? []) : [];
  const messageRows = search.length > 1 ? (messages.data?.pages[0]?.data.slice(0, 6) ?? []) : [];
  return (
    <Command label={t('commands.palette')} shouldFilter={false} loop>
      <div className="flex items-center gap-2.5 border-line border-b px-4">
        <Search aria-hidden className="size-4 text-ink-3" />
        <Command.Input
          dir="auto"
          value={text}
          onValueChange={setText}
          placeholder={t('commands.placeholder')}
          className="h-12 w-full bg-transparent text-lg outline-none placeholder:text-ink-3"
        />
      </div>
      <Command.List label={t('search.choices')} className="thin-scroll max-h-[min(420px,60vh)] overflow-y-auto p-1.5">
        <Command.Empty className="px-3 py-8 text-center text-ink-3">
          {t(looking ? 'search.busy' : 'search.nothing')}
        </Command.Empty>
        {groups.map((group) => (
          <Command.Group key={group} heading={group} className={groupLook}>
            {commands
              .filter((command) => command.group === group)
              .map((command) => (
                <Command.Item
                  key={command.id}
                  value={command.id}
                  onSelect={() => act(command.run)}
                  className={itemLook}
                >
                  <span className="flex-1">{command.label}</span>
                  {command.keys?.[0] === undefined ? null : <Kbd keys={command.keys[0]} />}
                </Command.Item>
              ))}
          </Command.Group>
        ))}
        {flowRows.length + archivedRows.length === 0 ? null : (
          <Command.Group heading={t('nav.flows')} className={groupLook}>
            {flowRows.map((flow) => (
              <Command.Item
                key={flow.id}
                value={flow.id}
                onSelect={() => act(() => void navigate({ to: '/flows/$flowId', params: { flowId: flow.id } }))}
                className={itemLook}
              >
                <Workflow aria-hidden />
                <span dir="auto" className="min-w-0 flex-1 truncate text-left">
                  {flow.name}
                </span>
              </Command.Item>
            ))}
            {archivedRows.map((flow) => (
              <Command.Item
                key={flow.id}
                value={flow.id}
                onSelect={() =>
                  act(() => void navigate({ to: '/flows', search: { state: 'archived', search: flow.name } }))
                }
                className={itemLook}
              >
                <Archive aria-hidden />
                <span dir="auto" className="min-w-0 flex-1 truncate text-left">
                  {flow.name}
                </span>
                <span className="text-ink-3 text-sm">{t('flows.archived')}</span>
              </Command.Item>
            ))}
          </Command.Group>
        )}
        {peopleRows.length === 0 ? null : (
          <Command.Group heading={t('nav.contacts')} className={groupLook}>
            {peopleRows.map((contact) => (
              <Command.Item
                key={contact.id}
                value={contact.id}
                onSelect={() =>
                  act(() => void navigate({ to: '/contacts/$contactId', params: { contactId: contact.id } }))
                }
                className={itemLook}
              >
                <User aria-hidden />
                <span dir="auto" className="min-w-0 flex-1 truncate text-left">
                  {nameOf(contact)}
                </span>
                <span className="num text-ink-3 text-sm">{formatPhone(contact.phone)}</span>
              </Command.Item>
            ))}
          </Command.Group>
        )}
        {messageRows.length === 0 ? null : (
          <Command.Group heading={t('commands.messages')} className={groupLook}>
            {messageRows.map((message) => (
              <Command.Item
                key={message.id}
                value={message.id}
                onSelect={() =>
                  act(
                    () => void navigate({ to: '/conversations/$contactId', params: { contactId: message.contact_id } }),
                  )
                }
                className={itemLook}
              >
                <MessageSquareText aria-hidden />
                <span dir="auto" className="min-w-0 flex-1 truncate text-left">
                  {message.text}
                </span>
                <span className="num text-ink-3 text-sm">
                  {formatPhone(message.direction === 'in' ? message.from : message.to)}
                </span>
              </Command.Item>
            ))}
          </Command.Group>
        )}
      </Command.List>
    </Command>
  );
}
