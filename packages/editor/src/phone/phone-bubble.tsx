import { cn } from '../lib/cn.ts';
import { formatClock, formatDay } from '../lib/format.ts';
import { t } from '../lib/translate.ts';
import { type PhoneMessage, pictureAddress } from './phone-ledger.ts';
import { splitSegments } from './split-segments.ts';

const pause = 15 * 60_000;

type BubbleProps = {
  readonly message: PhoneMessage;
  readonly before: PhoneMessage | undefined;
  readonly isLast: boolean;
};

/** A bubble as phones show it, with faint ticks where one segment ends and the next begins. */
export function PhoneBubble({ message, before, isLast }: BubbleProps) {
  const mine = message.direction === 'outgoing';
  const gap = before === undefined || Date.parse(message.at) - Date.parse(before.at) > pause;
  const newDay = before === undefined || new Date(before.at).toDateString() !== new Date(message.at).toDateString();
  const parts = message.segments > 1 ? splitSegments(message.body) : [message.body];
  return (
    <>
      {gap ? (
        <li className="my-2 text-center text-[11px] text-ink-3">
          <time dateTime={message.at}>
            {newDay ? `${formatDay(message.at)} ${formatClock(message.at)}` : formatClock(message.at)}
          </time>
        </li>
      ) : null}
      <li
        data-direction={message.direction}
        className={cn(
          'flex max-w-[82%] flex-col',
          mine ? 'items-end self-end' : 'items-start self-start',
          before?.direction === message.direction && !gap ? 'mt-0.5' : 'mt-2',
        )}
      >
        <p
          dir="auto"
          className={cn(
            'whitespace-pre-wrap rounded-[17px] px-3 py-1.5 text-[14px] leading-[1.35] [overflow-wrap:anywhere]',
            mine ? 'rounded-br-[5px] bg-bubble-out text-white' : 'rounded-bl-[5px] bg-bubble-in',
          )}
        >
          {message.pictures.map((sha256, index) =>
            sha256 === null ? null : (
              <img
                // biome-ignore lint/suspicious/noArrayIndexKey: the same picture may be there twice
                key={index}
                src={pictureAddress(sha256)}
                alt={t('phone.picture')}
                className="my-1 max-h-48 w-full rounded-xl object-cover"
              />
            ),
          )}
          {parts.map((part, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: segments are told apart by their place alone
            <span key={index}>
              {index === 0 ? null : (
                <span
                  role="img"
                  aria-label={t('phone.segment_break')}
                  title={t('phone.segment_break')}
                  className="mx-0.5 inline-block h-3 w-px translate-y-0.5 bg-current opacity-45"
                />
              )}
              {part}
            </span>
          ))}
        </p>
        {mine && isLast && (message.status === 'received' || message.status === 'delivered') ? (
          <span className="mt-0.5 px-1 text-[11px] text-ink-3">{t('phone.delivered')}</span>
        ) : null}
      </li>
    </>
  );
}
