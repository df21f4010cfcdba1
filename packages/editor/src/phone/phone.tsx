import type { Session } from '@signalbox/engine/access/contract';
import { Link } from '@tanstack/react-router';
import { ArrowUp, ImagePlus, TriangleAlert, X } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { toast } from 'sonner';
import { problemAdvice, problemFrom } from '../lib/api.ts';
import { cn } from '../lib/cn.ts';
import { formatClock, formatPhone } from '../lib/format.ts';
import { isComposing } from '../lib/keys.ts';
import { allFlowsQuery, queryClient } from '../lib/queries.ts';
import { t } from '../lib/translate.ts';
import { useNow } from '../lib/use-now.ts';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Input } from '../ui/input.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { Select } from '../ui/select.tsx';
import { PhoneBubble } from './phone-bubble.tsx';
import { isE164, type SamplePicture, samplePictures, sendFromPhone, usePhoneLedger } from './phone-ledger.ts';
import { type PhoneNotice, quietKeyword } from './quiet-keyword.ts';

type Demo = NonNullable<Session['demo']>;
const storageKey = 'signalbox.phone_number';

type PhoneProps = {
  readonly demo: Demo;
  readonly onClose: () => void;
  /** The flow on screen, and what has to be said about a text that calls for a keyword of its. */
  readonly flow?: { readonly id: string; readonly noticeFor: (text: string) => string | null };
};

/** A plain phone that texts with the workspace over the demo carrier. It sees only what the carrier's ledger says. */
export function Phone({ demo, onClose, flow }: PhoneProps) {
  const [typed, setTyped] = useState(() => sessionStorage.getItem(storageKey) ?? demo.suggested_phone);
  const [number, setNumber] = useState(typed);
  const [business, setBusiness] = useState(demo.numbers[0] ?? '');
  const [notice, setNotice] = useState<PhoneNotice | null>(null);
  const latest = useRef(0);
  const sending = useRef(Promise.resolve());
  const ledger = usePhoneLedger(number);
  const messages = ledger.messages.filter((message) => message.from === business || message.to === business);
  const end = useRef<HTMLDivElement>(null);
  const last = messages.at(-1)?.id;
  useEffect(() => {
    if (last !== undefined || notice !== null) end.current?.scrollIntoView({ block: 'nearest' });
  }, [last, notice]);

  const keepNumber = () => {
    const next = typed.replace(/[\s()-]/g, '');
    if (!isE164(next)) {
      setTyped(number);
      toast.error(t('phone.bad_number'));
      return;
    }
    setTyped(next);
    setNumber(next);
    sessionStorage.setItem(storageKey, next);
  };
  /** Says why a text starts nothing: of the flow on screen at once, of the others as soon as they are read. */
  const tell = (body: string) => {
    latest.current += 1;
    const now = latest.current;
    const own = flow?.noticeFor(body) ?? null;
    setNotice(own === null ? null : { text: own, flow: null });
    if (own !== null) return;
    void queryClient.fetchQuery(allFlowsQuery).then(
      (flows) => {
        const found = quietKeyword(flows, body);
        // The flow on screen has said for itself what there is to say.
        if (now === latest.current && found?.flow?.id !== flow?.id) setNotice(found);
      },
      // The text itself went out; that nothing can be said about it is no fault of it.
      () => undefined,
    );
  };
  /** Resolves to whether the text was taken. */
  const send = (body: string, picture?: SamplePicture): Promise<boolean> => {
    tell(body);
    // One after another, so that they arrive in the order in which they were sent; typing goes on meanwhile.
    const sent = sending.current.then(() =>
      sendFromPhone(number, business, body, picture).then(
        () => true,
        (error: unknown) => {
          const problem = problemFrom(error);
          toast.error(problem.title, { description: problemAdvice(problem) });
          return false;
        },
      ),
    );
    sending.current = sent.then(() => undefined);
    return sent;
  };
  return (
    <div className="flex min-h-full flex-col items-center gap-3 p-4">
      <div className="flex w-full max-w-[300px] items-end gap-2">
        <label htmlFor="phone-number" className="min-w-0 flex-1 text-ink-3 text-xs">
          {t('phone.number')}
          <Input
            id="phone-number"
            aria-label={t('phone.number')}
            className="num mt-1 h-8 pointer-coarse:h-11"
            value={typed}
            inputMode="tel"
            autoComplete="off"
            onChange={(event) => setTyped(event.target.value)}
            onBlur={keepNumber}
            onKeyDown={(event) =>
              event.key === 'Enter' && !isComposing(event.nativeEvent) && event.currentTarget.blur()
            }
          />
        </label>
        <IconButton icon={X} label={t('phone.close')} size="icon-sm" onClick={onClose} />
      </div>
      <section
        aria-label={t('phone.label')}
        data-testid="phone"
        className="flex h-[580px] w-full max-w-[300px] flex-col overflow-hidden rounded-[38px] border-[7px] border-[oklch(0.28_0.01_70)] bg-raised shadow-float dark:border-[oklch(0.36_0.01_70)]"
      >
        <StatusBar />
        <header className="shrink-0 border-line border-b px-3 pb-2 text-center">
          {demo.numbers.length > 1 ? (
            <Select
              label={t('phone.to')}
              value={business}
              onChange={setBusiness}
              choices={demo.numbers.map((each) => ({ value: each, label: formatPhone(each) }))}
              className="mx-auto h-7 w-auto border-transparent bg-transparent font-semibold"
            />
          ) : (
            <h2 className="num text-base">{formatPhone(business)}</h2>
          )}
        </header>
        <div className="thin-scroll flex min-h-0 flex-1 flex-col overflow-y-auto px-3 py-2">
          {ledger.state === 'failed' ? (
            <p role="alert" className="my-2 text-center text-sm text-stop">
              {t('phone.no_signal')}
            </p>
          ) : null}
          {ledger.state === 'ready' && messages.length === 0 ? (
            <p className="m-auto max-w-48 text-center text-ink-3 text-sm">{t('phone.empty')}</p>
          ) : null}
          {ledger.earlier === null ? null : (
            <Button size="sm" kind="ghost" className="shrink-0 self-center" onClick={ledger.earlier}>
              {t('phone.earlier')}
            </Button>
          )}
          <ol aria-live="polite" aria-label={t('phone.messages')} className="mt-auto flex flex-col">
            {messages.map((message, index) => (
              <PhoneBubble
                key={message.id}
                message={message}
                before={messages[index - 1]}
                isLast={index === messages.length - 1}
              />
            ))}
          </ol>
          {notice === null ? null : (
            <p
              role="status"
              dir="auto"
              className="mt-3 flex items-start gap-1.5 rounded-lg bg-wait-soft px-2.5 py-2 text-sm [overflow-wrap:anywhere]"
            >
              <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0 text-wait" />
              <span className="min-w-0">
                {notice.text}
                {notice.flow === null ? null : (
                  <Link
                    to="/flows/$flowId"
                    params={{ flowId: notice.flow.id }}
                    className="block w-fit py-1 font-semibold text-action underline pointer-coarse:py-3"
                  >
                    {t('phone.open_flow')}
                  </Link>
                )}
              </span>
            </p>
          )}
          <div ref={end} />
        </div>
        <Composer onSend={send} onPicture={(picture) => void send('', picture)} />
      </section>
    </div>
  );
}

/** The clock and the signal at the top of every phone. */
function StatusBar() {
  const now = useNow();
  return (
    <div aria-hidden className="num flex h-8 shrink-0 items-center justify-between px-6 pt-1 font-semibold text-[11px]">
      <time>{formatClock(new Date(now).toISOString())}</time>
      <span className="flex items-end gap-0.5">
        {[4, 6, 8, 10].map((height) => (
          <span key={height} className="w-[3px] rounded-sm bg-ink" style={{ height }} />
        ))}
      </span>
    </div>
  );
}

/** Where a text is typed. What was not taken comes back, unless something else is typed already. */
function Composer({
  onSend,
  onPicture,
}: {
  readonly onSend: (body: string) => Promise<boolean>;
  readonly onPicture: (picture: SamplePicture) => void;
}) {
  const [text, setText] = useState('');
  const send = (event: FormEvent) => {
    event.preventDefault();
    const body = text.trim();
    if (body === '') return;
    setText('');
    void onSend(body).then((sent) => sent || setText((typed) => (typed === '' ? body : typed)));
  };
  return (
    <form onSubmit={send} className="flex shrink-0 items-end gap-1.5 px-2.5 pt-1.5 pb-4">
      <Menu
        align="start"
        trigger={
          <button
            type="button"
            aria-label={t('phone.send_picture')}
            className="grid size-9 shrink-0 place-items-center rounded-full text-ink-2 hover:bg-hover max-md:size-11 pointer-coarse:size-11"
          >
            <ImagePlus aria-hidden className="size-4.5" />
          </button>
        }
      >
        {samplePictures.map((picture) => (
          <MenuItem key={picture} onSelect={() => onPicture(picture)}>
            {t(`phone.picture.${picture}`)}
          </MenuItem>
        ))}
      </Menu>
      <Input
        data-phone-text
        dir="auto"
        aria-label={t('phone.type')}
        placeholder={t('phone.placeholder')}
        value={text}
        maxLength={1600}
        autoComplete="off"
        className="h-9 rounded-full px-3.5 pointer-coarse:h-11"
        onChange={(event) => setText(event.target.value)}
      />
      <button
        type="submit"
        aria-label={t('phone.send')}
        aria-disabled={text.trim() === ''}
        className={cn(
          'grid size-9 shrink-0 place-items-center rounded-full bg-bubble-out text-white transition-opacity max-md:size-11 pointer-coarse:size-11',
          text.trim() === '' && 'opacity-40',
        )}
      >
        <ArrowUp aria-hidden className="size-4.5" strokeWidth={2.5} />
      </button>
    </form>
  );
}
