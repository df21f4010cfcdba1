import { type Account, numbersOf } from '../accounts.ts';
import type { LedgerMessage } from '../ledger.ts';
import { countSegments, isGsm } from '../segments.ts';
import {
  type ApiAnswer,
  type Callback,
  type Handled,
  type Happening,
  json,
  type Refusal,
  type RefusalReason,
  type Refused,
  type Tools,
  withoutPlus,
  withQuery,
} from './define-dialect.ts';
import { signParameters } from './vonage-signature.ts';

/** Vonage's SMS API: https://developer.vonage.com/en/api/sms */

/** https://developer.vonage.com/api-errors/sms */
const refusals: Readonly<Record<RefusalReason, readonly [string, string]>> = {
  invalid_number: ['6', 'Unroutable message - rejected'],
  opted_out: ['7', 'The number you are trying to submit to is blacklisted and may not receive messages'],
  blocked: ['7', 'The number you are trying to submit to is blacklisted and may not receive messages'],
  unsupported: ['29', 'Non White-listed Destination - rejected'],
  sender: ['15', 'Illegal Sender Address - rejected'],
  throttled: ['1', 'Throughput Rate Exceeded - please wait [ 250 ] and retry'],
  funds: ['9', 'Quota Exceeded - rejected'],
  auth: ['4', 'Bad Credentials'],
  transient: ['10', 'Too many binds'],
  invalid_message: ['12', 'Message too long'],
  expired: ['5', 'Internal Error'],
  unknown: ['5', 'Internal Error'],
};

/** https://developer.vonage.com/messaging/sms/guides/delivery-receipts */
const errorCodes: Readonly<Record<RefusalReason, string>> = {
  invalid_number: '9',
  opted_out: '4',
  blocked: '14',
  unsupported: '11',
  sender: '51',
  throttled: '16',
  funds: '99',
  auth: '99',
  transient: '2',
  invalid_message: '10',
  expired: '2',
  unknown: '1',
};

/** What a receipt says of a message that did not arrive. */
export const smsErrorCode = (reason: RefusalReason | null): string => (reason === null ? '1' : errorCodes[reason]);

/** What a part costs, in euros. */
export const price = '0.03330000';

/** One entry of the answer: a refusal has one, whatever the length of the text. */
function entries(messages: readonly Readonly<Record<string, string>>[]): ApiAnswer {
  return json(200, { 'message-count': String(messages.length), messages });
}

/** Of 200 as all answers are, but where a fault wants another. */
export function refuseSms({ reason, code, status }: Refusal): Refused {
  const [usual, text] = refusals[reason];
  const said = code ?? usual;
  const answer = entries([{ status: said, 'error-text': text }]);
  return { answer: { ...answer, status: status ?? answer.status }, code: said };
}

/** The ids of a message's parts: each has one, and only the first is the carrier's own. */
export function partIdsOf({ sid, segments }: Pick<LedgerMessage, 'sid' | 'segments'>): [string, ...string[]] {
  return [sid, ...Array.from({ length: segments - 1 }, (_, index) => `${sid}-${index + 2}`)];
}

/** The sender as the account has it: numbers come without their plus. */
export function senderOf(account: Account, given: string): string {
  const own = numbersOf(account).map(({ number }) => number);
  return own.includes(`+${given}`) ? `+${given}` : given;
}

/** What GSM-7 cannot say, in a text of type `text`, arrives as a question mark. */
function asTyped(text: string, type: string): string {
  if (type === 'unicode' || isGsm(text)) return text;
  return [...text].map((each) => (isGsm(each) ? each : '?')).join('');
}

/** Turns a form into a message, or says which of the API's rules it breaks. */
export function sendSms(form: URLSearchParams, account: Account, tools: Tools): Handled {
  const broken = (status: string, text: string): Handled => ({
    answer: entries([{ status, 'error-text': text }]),
    code: status,
  });
  const of = (name: string) => form.get(name) ?? '';
  for (const name of ['from', 'to', 'text']) if (of(name) === '') return broken('2', `Missing ${name} param`);
  const [to, reference, callback] = [of('to'), of('client-ref'), of('callback')];
  if (!/^\d{7,15}$/.test(to)) return broken('3', 'Invalid to param');
  if (reference.length > 40) return broken('3', 'Invalid client-ref param');
  if (!/^(\d{3,15}|[A-Za-z0-9 ]{1,11})$/.test(of('from'))) return broken('15', refusals.sender[1]);
  if (callback !== '' && !URL.canParse(callback)) return broken('23', 'Invalid Callback URL');
  return {
    asked: {
      from: senderOf(account, of('from')),
      to: `+${to}`,
      body: asTyped(of('text'), of('type')),
      reference: reference === '' ? null : reference,
      statusCallback: callback === '' ? null : callback,
    },
    accepted: (message) =>
      entries(
        partIdsOf(message).map((id) => ({
          to,
          'message-id': id,
          status: '0',
          'remaining-balance': (tools.balance(account) / 1_000_000).toFixed(8),
          'message-price': price,
          network: '12345',
          ...(reference === '' ? {} : { 'client-ref': reference }),
        })),
      ),
  };
}

/** `YYYY-MM-DD HH:MM:SS`, in UTC. */
const stamp = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

/** A request to the customer, by whichever of the three ways its account is set to. */
function told(url: string, account: Account, parameters: Readonly<Record<string, string>>, tools: Tools): Callback {
  const { signature_secret: secret = '', signature_method: method = 'md5hash', http_method: how } = account.credentials;
  const at = tools.now();
  const signed = signParameters(
    {
      ...parameters,
      'api-key': account.sid,
      'message-timestamp': stamp(at),
      timestamp: String(Math.floor(at / 1_000)),
      nonce: tools.token(),
    },
    secret,
    method,
  );
  const agent = { 'user-agent': 'Nexmo/MessagingHUB/v1.0' };
  if (how === 'GET') return { method: 'GET', url: withQuery(url, signed), headers: agent, body: '' };
  const isForm = how === 'POST';
  const type = isForm ? 'application/x-www-form-urlencoded' : 'application/json';
  return {
    method: 'POST',
    url,
    headers: { ...agent, 'content-type': type },
    body: isForm ? new URLSearchParams(signed).toString() : JSON.stringify(signed),
  };
}

/** A receipt for each part. */
export function smsReceipts(
  message: LedgerMessage,
  { status, reason, code, unheardOf, at }: Happening,
  { url, account }: { readonly url: string; readonly account: Account },
  tools: Tools,
): Callback[] {
  const failed =
    { expired: 'expired', unknown: 'unknown' }[String(reason)] ?? (status === 'failed' ? 'rejected' : 'failed');
  const said = status === 'sent' ? 'accepted' : status === 'delivered' ? 'delivered' : failed;
  return partIdsOf(message).map((messageId) =>
    told(
      url,
      account,
      {
        msisdn: withoutPlus(message.to),
        to: withoutPlus(message.from),
        'network-code': '12345',
        messageId,
        price,
        status: unheardOf ? 'dreaming' : said,
        scts: new Date(at).toISOString().slice(2, 16).replace(/\D/g, ''),
        'err-code': String(code ?? 0),
        ...(message.reference === null ? {} : { 'client-ref': message.reference }),
      },
      tools,
    ),
  );
}

const extension = new Set('\f^{}\\[~]|€');

/** A text as the network cuts it: whole where it fits into one message. */
function cut(text: string): string[] {
  if (countSegments(text) <= 1) return [text];
  const gsm = isGsm(text);
  const parts: string[] = [];
  let part = '';
  let used = 0;
  for (const character of text) {
    const takes = gsm ? (extension.has(character) ? 2 : 1) : character.length;
    if (used + takes > (gsm ? 153 : 67)) {
      parts.push(part);
      part = '';
      used = 0;
    }
    part += character;
    used += takes;
  }
  return [...parts, part];
}

/** A text from a phone: a request for each part of a long one. */
export function smsTexts(
  { sid, seq, from, to, body }: LedgerMessage,
  { url, account }: { readonly url: string; readonly account: Account },
  tools: Tools,
): Callback[] {
  const type = isGsm(body) ? 'text' : 'unicode';
  const parts = cut(body);
  return parts.map((text, index) => {
    const concat = { concat: 'true', 'concat-ref': (seq % 256).toString(16).padStart(2, '0') };
    const place = { 'concat-total': String(parts.length), 'concat-part': String(index + 1) };
    return told(
      url,
      account,
      {
        msisdn: withoutPlus(from),
        to: withoutPlus(to),
        messageId: index === 0 ? sid : `${sid}-${index + 1}`,
        text,
        type,
        keyword: (text.split(/\s+/)[0] ?? '').toUpperCase(),
        ...(parts.length > 1 ? { ...concat, ...place } : {}),
      },
      tools,
    );
  });
}
