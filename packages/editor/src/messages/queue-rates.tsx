import type { QueueHold, QueueRateList } from '@signalbox/engine/sending/contract';
import { useMutation } from '@tanstack/react-query';
import { CirclePause } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { problemFrom, problemLine, request } from '../lib/api.ts';
import { queryClient } from '../lib/queries.ts';
import { randomId } from '../lib/random-id.ts';
import { t } from '../lib/translate.ts';
import { senderName } from '../people/sender-name.ts';
import { Button } from '../ui/button.tsx';
import { Input } from '../ui/input.tsx';
import { Section } from '../ui/section.tsx';
import { Signal } from '../ui/signal.tsx';
import type { Held } from './hold-names.ts';

type Account = QueueRateList['data'][number];

/** How fast each account and sender may send, with the way to pause a sender. */
export function Rates({
  accounts,
  holds,
  onHold,
  onEnd,
}: {
  readonly accounts: readonly Account[];
  readonly holds: readonly QueueHold[];
  readonly onHold: (held: Held, mode: 'pause' | 'drain') => void;
  readonly onEnd: (hold: QueueHold) => void;
}) {
  if (accounts.length === 0) return null;
  return (
    <Section title={t('queue.speed')} text={t('queue.speed.text')}>
      <ul aria-label={t('queue.speed')} className="-my-2 divide-y divide-line">
        {accounts.map(({ account_id, name, per_second, senders }) => (
          <li key={account_id} className="py-2.5">
            <div className="flex gap-x-3">
              <Rate name={name} subject={{ account_id }} perSecond={per_second} strong />
              <span aria-hidden className="w-28 max-md:hidden" />
            </div>
            <ul aria-label={t('queue.speed.senders', { account: name })} className="mt-1 flex flex-col gap-1 pl-4">
              {senders.map(({ sender, per_second: rate }) => {
                const paused = holds.find((hold) => hold.cancel === null && isOfSenderAlone(hold, sender));
                return (
                  <li key={sender} className="flex flex-wrap items-center gap-x-3 gap-y-1">
                    <Rate name={senderName(sender)} subject={{ sender }} perSecond={rate} />
                    <span className="flex items-center justify-end gap-x-3 md:min-w-28">
                      {paused === undefined ? (
                        <Button
                          size="sm"
                          aria-label={t('queue.speed.pause', { sender: senderName(sender) })}
                          onClick={() => onHold({ name: senderName(sender), subject: { sender } }, 'pause')}
                        >
                          {t('queue.pause')}
                        </Button>
                      ) : (
                        <>
                          <Signal tone="wait" icon={CirclePause}>
                            {t('queue.paused')}
                          </Signal>
                          <Button
                            size="sm"
                            aria-label={t('queue.speed.resume', { sender: senderName(sender) })}
                            onClick={() => onEnd(paused)}
                          >
                            {t('queue.resume')}
                          </Button>
                        </>
                      )}
                    </span>
                  </li>
                );
              })}
            </ul>
          </li>
        ))}
      </ul>
    </Section>
  );
}

const isOfSenderAlone = (hold: QueueHold, sender: string): boolean =>
  hold.sender === sender && hold.account_id === null && hold.flow_id === null && hold.lane === null;

/** One rate: segments a second, empty for as many as go. */
function Rate({
  name,
  subject,
  perSecond,
  strong = false,
}: {
  readonly name: string;
  readonly subject: { readonly account_id?: string; readonly sender?: string };
  readonly perSecond: number | null;
  readonly strong?: boolean;
}) {
  const before = perSecond === null ? '' : String(perSecond);
  const [written, setWritten] = useState<string | null>(null);
  const save = useMutation({
    mutationFn: (text: string) =>
      request<unknown>('POST', '/queue/rates', {
        body: { ...subject, per_second: text.trim() === '' ? null : Number(text) },
        idempotencyKey: randomId(),
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['queue'] });
      setWritten(null);
      toast.success(t('queue.speed.saved', { what: name }));
    },
    onError: (error) => toast.error(problemLine(problemFrom(error))),
  });
  const changed = written !== null && written !== before;
  return (
    <form
      className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (changed) save.mutate(written);
      }}
    >
      <bdi
        className={
          strong ? 'min-w-0 flex-1 truncate font-medium' : 'num min-w-0 flex-1 truncate text-sm max-md:basis-full'
        }
      >
        {name}
      </bdi>
      <Input
        type="number"
        inputMode="numeric"
        min={1}
        max={10_000}
        className="w-28"
        aria-label={t('queue.speed.label', { what: name })}
        placeholder={t('queue.speed.any')}
        value={written ?? before}
        onChange={(event) => setWritten(event.target.value)}
      />
      <span className="text-ink-3 text-xs">{t('queue.speed.unit')}</span>
      {changed ? (
        <Button type="submit" size="sm" disabled={save.isPending}>
          {t('queue.speed.save')}
        </Button>
      ) : null}
    </form>
  );
}
