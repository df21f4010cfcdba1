import type { Message } from '@signalbox/engine/inbox/contract';
import { Ban, Check, CheckCheck, CircleAlert, CircleHelp, Clock, type LucideIcon, Send, TimerOff } from 'lucide-react';
import { formatExact } from '../lib/format.ts';
import { tOpen, tr } from '../lib/translate.ts';
import { Signal, type SignalTone } from '../ui/signal.tsx';

const looks: Readonly<Record<string, readonly [SignalTone, LucideIcon]>> = {
  queued: ['calm', Clock],
  dispatching: ['calm', Send],
  unknown: ['wait', CircleHelp],
  accepted: ['calm', Check],
  delivered: ['live', CheckCheck],
  undelivered: ['stop', CircleAlert],
  failed: ['stop', CircleAlert],
  expired: ['stop', TimerOff],
  refused: ['stop', Ban],
  canceled: ['calm', Ban],
};

/** How far a message got, as icon and word; why, where it was refused. */
export function Delivery({ message }: { readonly message: Message }) {
  if (message.direction === 'in') return null;
  const [tone, icon] = looks[message.state] ?? ['calm', Clock];
  const at = message.delivered_at ?? message.accepted_at ?? message.created_at;
  return (
    <span className="inline-flex flex-wrap items-center gap-x-1.5" title={formatExact(at)}>
      <Signal tone={tone} icon={icon} quiet>
        {tOpen(`message.${message.state}`, message.state)}
      </Signal>
      {message.reason === null ? null : (
        <span dir="auto" className="text-ink-2 text-xs [overflow-wrap:anywhere]">
          {tr(message.reason.text)}
        </span>
      )}
    </span>
  );
}

/** What became of a text that came in; why, where a flow did not take it. */
export function HandledBy({ message }: { readonly message: Message }) {
  if (message.direction !== 'in' || message.handled_by === null) return null;
  const text =
    message.reason === null
      ? tOpen(`handled.${message.handled_by}`, message.handled_by)
      : // A keyword of someone who is inside already started nothing.
        tr(message.reason.text);
  return (
    <span dir="auto" className="text-ink-3 text-xs [overflow-wrap:anywhere]">
      {text}
    </span>
  );
}
