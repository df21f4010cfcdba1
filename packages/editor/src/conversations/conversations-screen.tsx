import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { MessagesSquare, Smartphone } from 'lucide-react';
import { useRef } from 'react';
import { useSession } from '../lib/session.ts';
import { t } from '../lib/translate.ts';
import { useNarrow } from '../lib/use-media.ts';
import { Phone } from '../phone/phone.tsx';
import { focusPhone } from '../phone/show-phone.ts';
import { usePhoneCommand } from '../phone/use-phone-command.ts';
import { Button } from '../ui/button.tsx';
import { Sheet } from '../ui/dialog.tsx';
import { EmptyState } from '../ui/states.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { ConversationList } from './conversation-list.tsx';
import { Thread } from './thread.tsx';

/** Who wrote with us, what was said, and in demo mode a phone to write with. */
export function ConversationsScreen() {
  const { contactId } = useParams({ strict: false });
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const narrow = useNarrow();
  const session = useSession();
  const demo = session?.demo ?? null;
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
        {showList ? <ConversationList search={search} activeId={contactId} onFilter={set} /> : null}
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
