import type { AccountInput } from '@signalbox/demo-carrier/accounts';
import { type Carrier, createCarrier } from '@signalbox/demo-carrier/server';
import type { ConnectedAs, Provider } from '@signalbox/engine/providers/provider';
import type { Wire } from './wire.ts';

/** The demo carrier with one account of one number. */
export type CarrierAccount = {
  readonly carrier: Carrier;
  /** What connects the account there. */
  readonly account: ConnectedAs<Readonly<Record<string, string>>>;
  /** Everything that the carrier took, under its ids. */
  readonly taken: Wire['taken'];
  /** The pictures among it. */
  readonly pictures: NonNullable<Wire['pictures']>;
  /** Resolves once nothing is underway: each message ended, each callback answered. */
  readonly quiet: () => Promise<void>;
  /** The last message that was sent, and a text from a phone after it; `since` is before both. */
  readonly news: (from: string, body: string) => Promise<News>;
  readonly close: () => Promise<void>;
};

type News = {
  readonly since: Date;
  readonly sent: { readonly sid: string; readonly reference: string | null; readonly segments: number };
  /** The text's id. */
  readonly came: string;
};

/** The account's number with its addresses, who answers STOP, and what the carrier knows besides what a demo tells it. */
export type AccountSetting = NonNullable<AccountInput['numbers']>[number] &
  Pick<AccountInput, 'opt_out' | 'credentials'>;

/** Starts a carrier that reports at once, and tells it of an account of a provider's as a demo does. */
export async function startCarrierAccount(
  { type, account: { identity }, origins = {}, demo }: Provider,
  credentials: Readonly<Record<string, string>>,
  { opt_out, credentials: more, ...number }: AccountSetting,
): Promise<CarrierAccount> {
  const carrier = createCarrier({ seed: 1, receipts: { delay_ms: 0 }, retryDelaysMs: [20, 20] });
  carrier.setAccount({
    dialect: type,
    sid: (identity === null ? undefined : credentials[identity]) ?? 'an-account-without-a-name',
    credentials: { ...demo?.known(credentials), ...more },
    opt_out,
    numbers: [number],
  });
  const baseUrl = await carrier.listen(0);
  const { ledger } = carrier;
  const quiet = async () => {
    while (carrier.underway() > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  return {
    carrier,
    account: {
      credentials,
      baseUrl,
      origins: Object.fromEntries(Object.keys(origins).map((name) => [name, baseUrl])),
    },
    taken: () => ledger.messages.map(({ sid, body, reference }) => ({ ids: [sid], body, reference })),
    pictures: () => ledger.messages.flatMap(({ media }) => media.map(({ sha256 }) => sha256)),
    quiet,
    news: async (from, body) => {
      const since = new Date(Date.now() - 60_000);
      const sent = ledger.messages.findLast(({ origin }) => origin === 'api');
      if (sent === undefined) throw new Error('Nothing was sent.');
      const came = carrier.text(from, number.number, body);
      await quiet();
      return { since, sent, came };
    },
    close: () => carrier.close(),
  };
}
