import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Inbox, MessagesSquare, SearchX, Smartphone } from 'lucide-react';
import { useRef } from 'react';
import { problemFrom } from '../lib/api.ts';
import { cn } from '../lib/cn.ts';
import { conversationsQuery } from '../lib/queries.ts';
import { useSession } from '../lib/session.ts';
import { t } from '../lib/translate.ts';
import { useNarrow } from '../lib/use-media.ts';
import { Phone } from '../phone/phone.tsx';
import { focusPhone } from '../phone/show-phone.ts';
import { usePhoneCommand } from '../phone/use-phone-command.ts';
import { Button } from '../ui/button.tsx';
import { Sheet } from '../ui/dialog.tsx';
import { SearchBox } from '../ui/search-box.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../ui/states.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { ConversationRow } from './conversation-row.tsx';
import { Thread } from './thread.tsx';

/** Who wrote with us, what was said, and in demo mode a phone to write with. */
export function ConversationsScreen() {
  const { contactId } = useParams({ strict: false });
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const narrow = useNarrow();
  const session = useSession();
  const demo = session?.demo ?? null;
  const text = search.search ?? '';
  const unhandled = search.unhandled === true;
  const list = useInfiniteQuery(conversationsQuery(text, unhandled));
  const rows = list.data?.pages.flatMap((page) => page.data) ?? [];
  const phoneOpen = demo !== null && search.phone === true;
  const set = (next: { search?: string | undefined; unhandled?: boolean | undefined; phone?: boolean | undefined }) => {
    const merged = { search: search.search, unhandled: search.unhandled, phone: search.phone, ...next };
    const kept = Object.fromEntries(
      Object.entries(merged).filter(([, value]) => value !== undefined && value !== '' && value !== false),
    );
    if (contactId === undefined) void navigate({ to: '/conversations', search: kept, replace: true });
    else void navigate({ to: '/conversations/$contactId', params: { contactId }, search: kept, replace: true });
  };
  const phoneButton = useRef<HTMLButtonElement>(null);
  const closePhone = () => {
    set({ phone: false });
    phoneButton.current?.focus();
  };
  const togglePhone = () => {
    if (phoneOpen) return closePhone();
    set({ phone: true });
    focusPhone();
  };
  usePhoneCommand(demo === null ? null : togglePhone);
  const showList = !narrow || contactId === undefined;
  const filtered = text !== '' || unhandled;
  return (
    <>
      <TopBar title={<ScreenTitle>{t('nav.conversations')}</ScreenTitle>} pageTitle={t('nav.conversations')}>
        {demo === null ? null : (
          <Button
            kind={phoneOpen ? 'plain' : 'primary'}
            ref={phoneButton}
            aria-pressed={phoneOpen}
            onClick={togglePhone}
          >
            <Smartphone aria-hidden />
            {t(phoneOpen ? 'phone.close' : 'phone.open')}
          </Button>
        )}
      </TopBar>
      <div className="flex min-h-0 flex-1">
        {showList ? (
          <section
            aria-label={t('conversation.list')}
            className="flex w-full shrink-0 flex-col border-line bg-surface md:w-80 md:border-r"
          >
            <div className="space-y-2 border-line border-b p-3">
              <SearchBox value={text} onChange={(next) => set({ search: next })} label={t('conversation.search')} />
              <fieldset aria-label={t('conversation.filter')} className="flex gap-1">
                {[false, true].map((only) => (
                  <button
                    key={String(only)}
                    type="button"
                    aria-pressed={unhandled === only}
                    onClick={() => set({ unhandled: only })}
                    className={cn(
                      'h-7 rounded-full px-3 font-medium text-sm max-md:h-11',
                      unhandled === only ? 'bg-action-soft text-action' : 'text-ink-2 hover:bg-hover',
                    )}
                  >
                    {t(only ? 'conversation.only_unhandled' : 'conversation.everyone')}
                  </button>
                ))}
              </fieldset>
            </div>
            <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
              {list.isPending ? <SkeletonRows label={t('loading')} /> : null}
              {list.isError ? (
                <ErrorState problem={problemFrom(list.error)} onRetry={() => void list.refetch()} />
              ) : null}
              {list.isSuccess && rows.length === 0 ? (
                filtered ? (
                  <EmptyState
                    art={<SearchX aria-hidden className="size-7 text-ink-3" />}
                    title={t('conversation.none_found')}
                    text={t('conversation.none_found.text')}
                  />
                ) : (
                  <EmptyState
                    art={<Inbox aria-hidden className="size-7 text-ink-3" />}
                    title={t('conversation.empty.title')}
                    text={t('conversation.empty.text')}
                  />
                )
              ) : null}
              <ul className="divide-y divide-line">
                {rows.map((conversation) => (
                  <ConversationRow
                    key={conversation.contact.id}
                    conversation={conversation}
                    active={conversation.contact.id === contactId}
                    search={search}
                  />
                ))}
              </ul>
              {list.hasNextPage ? (
                <div className="p-3 text-center">
                  <Button onClick={() => void list.fetchNextPage()}>{t('action.more')}</Button>
                </div>
              ) : null}
            </div>
          </section>
        ) : null}
        {contactId !== undefined ? (
          <Thread key={contactId} contactId={contactId} search={search} />
        ) : narrow ? null : (
          <div className="grid min-w-0 flex-1 place-items-center">
            <EmptyState
              art={<MessagesSquare aria-hidden className="size-8 text-ink-3" />}
              title={t('conversation.choose')}
              text={t(demo === null ? 'conversation.choose.text' : 'conversation.choose.demo')}
            />
          </div>
        )}
        {phoneOpen && demo !== null && !narrow ? (
          <aside
            aria-label={t('phone.label')}
            className="thin-scroll w-[340px] shrink-0 overflow-y-auto border-line border-l bg-sunken"
          >
            <Phone demo={demo} onClose={closePhone} />
          </aside>
        ) : null}
      </div>
      {narrow && demo !== null ? (
        <Sheet open={phoneOpen} onOpenChange={(open) => open || set({ phone: false })} title={t('phone.label')}>
          <div className="thin-scroll overflow-y-auto">
            <Phone demo={demo} onClose={closePhone} />
          </div>
        </Sheet>
      ) : null}
    </>
  );
}
