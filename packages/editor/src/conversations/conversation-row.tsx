import type { Conversation } from '@signalbox/engine/inbox/contract';
import { Link } from '@tanstack/react-router';
import { Ban, CircleDot } from 'lucide-react';
import { cn } from '../lib/cn.ts';
import { formatPhone } from '../lib/format.ts';
import { t } from '../lib/translate.ts';
import { Avatar } from '../people/avatar.tsx';
import { messageLine } from '../people/message-text.ts';
import { Signal } from '../ui/signal.tsx';
import { Time } from '../ui/time.tsx';

export type ConversationsSearch = {
  readonly search?: string | undefined;
  readonly unhandled?: boolean | undefined;
  readonly phone?: boolean | undefined;
};

/** The search part of the address without what is unset. */
export function keep(search: ConversationsSearch) {
  return {
    ...(search.search === undefined ? {} : { search: search.search }),
    ...(search.unhandled === undefined ? {} : { unhandled: search.unhandled }),
    ...(search.phone === undefined ? {} : { phone: search.phone }),
  };
}

/** One conversation of the list: who, the last words, whether someone should look. */
export function ConversationRow({
  conversation,
  active,
  search,
}: {
  readonly conversation: Conversation;
  readonly active: boolean;
  readonly search: ConversationsSearch;
}) {
  const { contact, last_message: last, unhandled } = conversation;
  const name = contact.name === '' ? formatPhone(contact.phone) : contact.name;
  return (
    <li>
      <Link
        to="/conversations/$contactId"
        params={{ contactId: contact.id }}
        search={keep(search)}
        aria-current={active ? 'true' : undefined}
        className={cn(
          'flex gap-3 px-3 py-2.5 focus-visible:-outline-offset-2',
          active ? 'bg-hover shadow-[inset_3px_0_0_var(--action)]' : 'hover:bg-hover/70',
        )}
      >
        <Avatar name={name} />
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-2">
            <span
              dir="auto"
              className={cn('min-w-0 flex-1 truncate text-left', unhandled ? 'font-semibold' : 'font-medium')}
            >
              {name}
            </span>
            <Time at={last.created_at} className="text-ink-3 text-xs" />
          </span>
          <span dir="auto" className="block truncate text-left text-ink-2 text-sm">
            {last.direction === 'out' ? t('conversation.you', { text: last.text }) : messageLine(last)}
          </span>
          {unhandled || contact.suppressed ? (
            <span className="mt-1 flex items-center gap-3">
              {unhandled ? (
                <Signal tone="wait" icon={CircleDot} quiet>
                  {t('conversation.unhandled')}
                </Signal>
              ) : null}
              {contact.suppressed ? (
                <Signal tone="stop" icon={Ban} quiet>
                  {t('consent.suppressed')}
                </Signal>
              ) : null}
            </span>
          ) : null}
        </span>
      </Link>
    </li>
  );
}
