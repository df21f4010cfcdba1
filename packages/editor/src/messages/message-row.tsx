import type { Message } from '@signalbox/engine/inbox/contract';
import { Link } from '@tanstack/react-router';
import { ArrowDownLeft, ArrowUpRight } from 'lucide-react';
import { formatPhone } from '../lib/format.ts';
import { t } from '../lib/translate.ts';
import { Delivery, HandledBy } from '../people/delivery.tsx';
import { messageLine } from '../people/message-text.ts';
import { Time } from '../ui/time.tsx';

/** One message of the list: with whom, its words, and how far it got. */
export function MessageRow({ message }: { readonly message: Message }) {
  const out = message.direction === 'out';
  const Arrow = out ? ArrowUpRight : ArrowDownLeft;
  return (
    <li className="relative flex flex-wrap items-center gap-x-4 gap-y-0.5 px-4 py-2.5 transition-colors hover:bg-hover/60 has-[a:focus-visible]:outline-2 has-[a:focus-visible]:outline-focus has-[a:focus-visible]:-outline-offset-2 md:group-data-[density=compact]/list:py-1">
      <span className="flex w-44 items-center gap-3 max-md:flex-1">
        <Arrow
          aria-label={t(out ? 'messages.out' : 'messages.in')}
          className={out ? 'size-4 shrink-0 text-ink-3' : 'size-4 shrink-0 text-action'}
        />
        <Link
          to="/messages/$messageId"
          params={{ messageId: message.id }}
          className="num truncate font-medium text-sm outline-none after:absolute after:inset-0"
        >
          <bdi>{formatPhone(out ? message.to : message.from)}</bdi>
        </Link>
      </span>
      <span dir="auto" className="min-w-0 flex-1 truncate text-left max-md:order-last max-md:basis-full max-md:pl-7">
        {messageLine(message)}
      </span>
      <span className="flex w-56 items-center overflow-hidden max-md:order-last max-md:w-full max-md:pl-7">
        <Delivery message={message} />
        <HandledBy message={message} />
      </span>
      <Time at={message.created_at} className="w-28 text-right text-ink-3 text-sm max-md:w-auto" />
    </li>
  );
}
