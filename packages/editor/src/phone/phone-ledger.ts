import { useEffect, useState } from 'react';
import { z } from 'zod';
import { request } from '../lib/api.ts';
import { t } from '../lib/translate.ts';

/** A text as the demo carrier's ledger shows it on a phone. */
const phoneMessageSchema = z.object({
  id: z.string(),
  seq: z.number(),
  direction: z.enum(['incoming', 'outgoing']),
  from: z.string(),
  to: z.string(),
  body: z.string(),
  segments: z.number(),
  status: z.string(),
  at: z.string(),
});
export type PhoneMessage = z.infer<typeof phoneMessageSchema>;

const listSchema = z.object({ data: z.array(phoneMessageSchema) });

const pathOf = (phone: string): string => `/demo/phone/phones/${encodeURIComponent(phone)}`;

/** Whether a text is a number in E.164. */
export const isE164 = (text: string): boolean => /^\+[1-9]\d{6,14}$/.test(text);

type Ledger = {
  readonly messages: readonly PhoneMessage[];
  readonly state: 'reading' | 'ready' | 'failed';
};

function merge(old: readonly PhoneMessage[], next: readonly PhoneMessage[]): PhoneMessage[] {
  const byId = new Map(old.map((message) => [message.id, message]));
  for (const message of next) byId.set(message.id, message);
  return [...byId.values()].sort((a, b) => a.seq - b.seq);
}

/** What stands on a phone, kept up to date by the carrier's own event stream. */
export function usePhoneLedger(phone: string): Ledger {
  const [ledger, setLedger] = useState<Ledger>({ messages: [], state: 'reading' });
  useEffect(() => {
    setLedger({ messages: [], state: 'reading' });
    if (!isE164(phone)) return;
    const stop = new AbortController();
    const read = () =>
      request<unknown>('GET', `${pathOf(phone)}/messages`, { signal: stop.signal })
        .then((body) => {
          const { data } = listSchema.parse(body);
          setLedger((old) => ({ messages: merge(old.messages, data), state: 'ready' }));
        })
        .catch(() => {
          if (!stop.signal.aborted) setLedger((old) => ({ ...old, state: 'failed' }));
        });
    const source = new EventSource(`${pathOf(phone)}/events`);
    const take = (event: MessageEvent<string>) => {
      const parsed = phoneMessageSchema.safeParse(JSON.parse(event.data));
      if (parsed.success) setLedger((old) => ({ messages: merge(old.messages, [parsed.data]), state: 'ready' }));
    };
    source.addEventListener('open', () => void read());
    source.addEventListener('message', take);
    source.addEventListener('status', take);
    source.addEventListener('error', () => setLedger((old) => ({ ...old, state: 'failed' })));
    return () => {
      stop.abort();
      source.close();
    };
  }, [phone]);
  return ledger;
}

/** Sends a text from the phone, as a person would. */
export async function sendFromPhone(phone: string, to: string, body: string): Promise<void> {
  if (!isE164(phone)) throw new Error(t('phone.bad_number'));
  await request('POST', `${pathOf(phone)}/messages`, { body: { to, body } });
}
