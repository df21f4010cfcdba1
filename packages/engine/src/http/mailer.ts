import { cleanText } from '@signalbox/nodes/text/clean-text';
import { createTransport } from 'nodemailer';
import { isLoopback } from '../runtime/loopback.ts';

/** A mail to people who know of each other. */
export type OutgoingMail = {
  /** Ours: the same mail sent once more has the same. */
  readonly id: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
};

/** The one way for mails that leave this process. */
export type Mailer = {
  /** Resolves once the relay has taken it, for some of the addressees at least. @throws MailError where it has not. */
  readonly send: (mail: OutgoingMail) => Promise<void>;
};

/** A mail that no relay has taken. Nothing of what the relay said is logged with it: that may name whom the mail was for. */
export class MailError extends Error {
  override readonly name = 'MailError';
  readonly code: string;
  /** A log writes down what an error's fields hold, and not this. */
  readonly #said: string | null;
  constructor(code: string, said: string | null) {
    super(`A mail could not be handed over: ${code}.`);
    this.code = code;
    this.#said = said;
  }
  /** What the relay answered, in its words; null where it said nothing. */
  get said(): string | null {
    return this.#said;
  }
}

const connectMs = 10_000;
const silentMs = 20_000;

/** @param options.url of an SMTP relay, with its user and password where it wants them; `from` stands in every mail. */
export function createMailer({ url, from }: { readonly url: string; readonly from: string }): Mailer {
  const { hostname, username } = new URL(url);
  const domain = from.split('@').at(-1)?.replace('>', '') ?? hostname;
  const transport = createTransport({
    url,
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: silentMs,
    // A password crosses no network in the clear.
    requireTLS: username !== '' && !isLoopback(hostname),
    // What a mail is made of comes from us alone, never from a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ id, to, subject, text }) {
      try {
        await transport.sendMail({ from, to: [...to], subject, text, messageId: `<${id}@${domain}>` });
      } catch (error) {
        throw new MailError(codeOf(error), saidBy(error));
      }
    },
  };
}

function saidBy(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('response' in error)) return null;
  return typeof error.response === 'string' ? cleanText(error.response).slice(0, 500) : null;
}

/** What went wrong, as a code alone: EAUTH, or EMESSAGE_550. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
  const said = 'responseCode' in error && typeof error.responseCode === 'number' ? `_${error.responseCode}` : '';
  return `${code}${said}`;
}
