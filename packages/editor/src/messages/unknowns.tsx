import type { Message } from '@signalbox/engine/inbox/contract';
import { Link } from '@tanstack/react-router';
import { formatPhone } from '../lib/format.ts';
import { t } from '../lib/translate.ts';
import { messageLine } from '../people/message-text.ts';
import { Section } from '../ui/section.tsx';
import { Time } from '../ui/time.tsx';
import { Decide } from './decide.tsx';

/** Messages of which nobody knows whether they were sent, for a person to say. */
export function Unknowns({ messages }: { readonly messages: readonly Message[] }) {
  if (messages.length === 0) return null;
  return (
    <Section title={t('queue.unknowns')} text={t('queue.unknowns.text')}>
      <ul aria-label={t('queue.unknowns')} className="-my-2 divide-y divide-line">
        {messages.map((message) => (
          <li key={message.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
            <Link
              to="/messages/$messageId"
              params={{ messageId: message.id }}
              className="num font-medium text-sm hover:underline"
            >
              <bdi>{formatPhone(message.to)}</bdi>
            </Link>
            <span dir="auto" className="min-w-40 flex-1 truncate text-left text-ink-2">
              {messageLine(message)}
            </span>
            <Time at={message.created_at} className="text-ink-3 text-sm" />
            <Decide messageId={message.id} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
