import { useEffect, useState } from 'react';
import { z } from 'zod';
import { query, request } from '../lib/api.ts';
import { t } from '../lib/translate.ts';

/** A text as the demo carrier's ledger shows it on a phone. */
const phoneMessageSchema = z.object({
  id: z.string(),
  seq: z.number(),
  direction: z.enum(['incoming', 'outgoing']),
  from: z.string(),
  to: z.string(),
  body: z.string(),
  /** By their hashes; null for one that the carrier could not fetch. */
  pictures: z.array(z.string().nullable()).default([]),
  segments: z.number(),
  status: z.string(),
  at: z.string(),
});
export type PhoneMessage = z.infer<typeof phoneMessageSchema>;

const listSchema = z.object({ data: z.array(phoneMessageSchema), next_before: z.number().nullable() });

const pathOf = (phone: string): string => `/demo/phone/phones/${encodeURIComponent(phone)}`;

/** Whether a text is a number in E.164. */
export const isE164 = (text: string): boolean => /^\+[1-9]\d{6,14}$/.test(text);

type Known = {
  readonly messages: readonly PhoneMessage[];
  readonly state: 'reading' | 'ready' | 'failed';
  /** The oldest message read, where there are earlier ones; undefined until the first answer. */
  readonly before: number | null | undefined;
};
type Ledger = Pick<Known, 'messages' | 'state'> & {
  /** Reads earlier messages; null where there are none. */
  readonly earlier: (() => void) | null;
};

const nothing: Known = { messages: [], state: 'reading', before: undefined };

const readPage = async (phone: string, before: number | null, signal?: AbortSignal) =>
  listSchema.parse(
    await request<unknown>(
      'GET',
      `${pathOf(phone)}/messages${query({ before })}`,
      signal === undefined ? {} : { signal },
    ),
  );

function merge(old: readonly PhoneMessage[], next: readonly PhoneMessage[]): PhoneMessage[] {
  const byId = new Map(old.map((message) => [message.id, message]));
  for (const message of next) byId.set(message.id, message);
  return [...byId.values()].sort((a, b) => a.seq - b.seq);
}

/** What stands on a phone, kept up to date by the carrier's own event stream. */
export function usePhoneLedger(phone: string): Ledger {
  const [ledger, setLedger] = useState<Known>(nothing);
  useEffect(() => {
    setLedger(nothing);
    if (!isE164(phone)) return;
    const stop = new AbortController();
    const read = () =>
      readPage(phone, null, stop.signal)
        .then(({ data, next_before }) =>
          setLedger((old) => ({
            messages: merge(old.messages, data),
            state: 'ready',
            before: old.before === undefined ? next_before : old.before,
          })),
        )
        .catch(() => {
          if (!stop.signal.aborted) setLedger((old) => ({ ...old, state: 'failed' }));
        });
    const source = new EventSource(`${pathOf(phone)}/events`);
    const take = (event: MessageEvent<string>) => {
      const parsed = phoneMessageSchema.safeParse(JSON.parse(event.data));
      if (parsed.success)
        setLedger((old) => ({ ...old, messages: merge(old.messages, [parsed.data]), state: 'ready' }));
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
  const { before } = ledger;
  const earlier = () => {
    if (before === null || before === undefined) return;
    readPage(phone, before)
      .then(({ data, next_before }) =>
        // Another phone may have been chosen meanwhile, or the button pressed twice.
        setLedger((old) =>
          old.before === before ? { ...old, messages: merge(old.messages, data), before: next_before } : old,
        ),
      )
      .catch(() => setLedger((old) => ({ ...old, state: 'failed' })));
  };
  return {
    messages: ledger.messages,
    state: ledger.state,
    earlier: before === null || before === undefined ? null : earlier,
  };
}

/** Pictures that every phone of the demo has. */
export const samplePictures = ['sunset', 'meadow', 'sea'] as const;
export type SamplePicture = (typeof samplePictures)[number];

/** Where a picture on a phone is. */
export const pictureAddress = (sha256: string): string => `/demo/phone/phones/pictures/${sha256}`;

/** Sends a text from the phone, as a person would. */
export async function sendFromPhone(phone: string, to: string, body: string, picture?: SamplePicture): Promise<void> {
  if (!isE164(phone)) throw new Error(t('phone.bad_number'));
  await request('POST', `${pathOf(phone)}/messages`, {
    body: { to, body, ...(picture === undefined ? {} : { picture }) },
  });
}
