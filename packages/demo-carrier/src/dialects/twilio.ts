import { parse } from 'node:querystring';
import { messageOf } from '../account-messages.ts';
import { type Account, numbersOf } from '../accounts.ts';
import { signForm } from '../signature.ts';
import {
  basic,
  type Callback,
  defineDialect,
  type Handled,
  json,
  type Refusal,
  type RefusalReason,
  type Refused,
  type Tools,
} from './define-dialect.ts';
import { listMessages } from './twilio-list.ts';
import {
  accountResource,
  apiVersion,
  messageResource,
  refusalAnswer,
  refusals,
  type TwilioRefusal,
} from './twilio-wire.ts';
import { readTwiml } from './twiml.ts';

const accountsPath = `/${apiVersion}/Accounts/`;

/** https://www.twilio.com/docs/api/errors */
const codes: Readonly<Record<RefusalReason, number>> = {
  invalid_number: 21_211,
  opted_out: 21_610,
  blocked: 30_007,
  unsupported: 21_408,
  sender: 21_606,
  throttled: 20_429,
  funds: 30_002,
  auth: 20_003,
  transient: 20_503,
  invalid_message: 21_617,
  expired: 30_001,
  unknown: 30_008,
};
/** What a receipt says of a message that did not arrive for no reason that anybody arranged. */
const undelivered: Readonly<Record<'undelivered' | 'failed', number>> = { undelivered: 30_003, failed: 30_008 };
const worded: ReadonlyMap<number, TwilioRefusal> = new Map(
  Object.values(refusals)
    .filter((refusal) => typeof refusal !== 'function')
    .map((refusal) => [refusal.code, refusal]),
);

/** Twilio's Messaging API, 2010-04-01: https://www.twilio.com/docs/messaging/api/message-resource */
export const twilio = defineDialect({
  name: 'twilio',
  owns: (path) => path.startsWith(`/${apiVersion}/`),
  accountId: /^AC[0-9a-f]{32}$/,
  credentials: ['auth_token'],
  key: ({ sid, credentials }) => basic(sid, credentials['auth_token'] ?? ''),
  caller: ({ header }) => header('authorization') ?? null,
  unauthorized: () => refusalAnswer(refusals.authenticate, { 'www-authenticate': 'Basic realm="Twilio API"' }),
  tooLarge: refusalAnswer(refusals.tooLarge),
  broken: refusalAnswer({ status: 500, code: 20_500, message: 'An internal server error has occurred' }),
  refuse,
  messageId: (hex) => `SM${hex}`,
  handle({ method, path, query, body }, account, tools) {
    const below = path.startsWith(accountsPath + account.sid)
      ? path.slice(accountsPath.length + account.sid.length)
      : '';
    if (method === 'POST' && below === '/Messages.json') return send(account, formOf(body), picturesOf(body));
    const notFound = { answer: refusalAnswer(refusals.notFound(path)) };
    if (method !== 'GET') return notFound;
    if (below === '.json') return { answer: json(200, accountResource(account)) };
    if (below === '/Balance.json')
      return {
        answer: json(200, {
          account_sid: account.sid,
          balance: (tools.balance(account) / 1_000_000).toFixed(4),
          currency: 'USD',
        }),
      };
    if (below === '/Messages.json')
      return { answer: json(200, listMessages(tools.ledger, account, path, new URLSearchParams(query))) };
    const sid = /^\/Messages\/(SM[0-9a-f]{32})\.json$/.exec(below)?.[1] ?? '';
    const message = messageOf(account, tools.ledger, sid);
    return message === undefined ? notFound : { answer: json(200, messageResource(message)) };
  },
  failureCode: (status, reason) => (reason === null ? undelivered[status] : codes[reason]),
  receipts(message, { status, code, unheardOf }, { url, account }, tools) {
    const said = unheardOf ? 'dreaming' : status;
    const form: Record<string, string> = {
      AccountSid: message.accountSid,
      ApiVersion: apiVersion,
      From: message.from,
      MessageSid: message.sid,
      MessageStatus: said,
      SmsSid: message.sid,
      SmsStatus: said,
      To: message.to,
    };
    if (message.messagingServiceSid !== null) form['MessagingServiceSid'] = message.messagingServiceSid;
    if (code !== null) form['ErrorCode'] = String(code);
    return [signed(url, account, form, tools)];
  },
  texts(message, { url, number, optOutType }, tools) {
    const form: Record<string, string> = {
      AccountSid: message.accountSid,
      ApiVersion: apiVersion,
      Body: message.body,
      From: message.from,
      FromCity: '',
      FromCountry: countryOf(message.from),
      FromState: '',
      FromZip: '',
      MessageSid: message.sid,
      NumMedia: String(message.media.length),
      NumSegments: String(message.segments),
      SmsMessageSid: message.sid,
      SmsSid: message.sid,
      SmsStatus: 'received',
      To: message.to,
      ToCity: '',
      ToCountry: countryOf(message.to),
      ToState: '',
      ToZip: '',
    };
    for (const [index, { url: picture, type }] of message.media.entries()) {
      form[`MediaUrl${index}`] = picture;
      form[`MediaContentType${index}`] = type;
    }
    if (optOutType !== null) form['OptOutType'] = optOutType;
    return [signed(url, number.account, form, tools)];
  },
  replies: readTwiml,
});

function formOf(body: string): Record<string, string> {
  const form: Record<string, string> = {};
  for (const [name, value] of Object.entries(parse(body)))
    form[name] = Array.isArray(value) ? (value[0] ?? '') : (value ?? '');
  return form;
}

/** Addresses of pictures: the one field that may stand there several times. */
function picturesOf(body: string): string[] {
  return [parse(body)['MediaUrl'] ?? []].flat();
}

/** Turns a form into a message, or says which of Twilio's rules it breaks. */
function send(account: Account, form: Readonly<Record<string, string>>, media: readonly string[]): Handled {
  const { To: to = '', From: sender = '', Body: body = '', MessagingServiceSid: serviceSid = '' } = form;
  const broken = (refusal: TwilioRefusal): Handled => ({
    answer: refusalAnswer(refusal),
    code: String(refusal.code),
  });
  if (to === '') return broken(refusals.noTo);
  if (sender === '' && serviceSid === '') return broken(refusals.noFrom);
  if (body === '' && media.length === 0) return broken(refusals.noBody);
  if (media.length > 10 || !media.every((url) => URL.canParse(url))) return broken(refusals.badMedia);
  if (body.length > 1_600) return broken(refusals.longBody);
  const service = account.messaging_services.find(({ sid }) => sid === serviceSid);
  if (serviceSid !== '' && service === undefined) return broken(refusals.noService(serviceSid));
  const from = sender === '' ? (service?.numbers[0] ?? '') : sender;
  if (!/^(\+?[1-9]\d{2,14}|[A-Za-z0-9 ]{1,11})$/.test(from)) return broken(refusals.badFrom(from));
  if (!numbersOf(account).some(({ number }) => number === from)) return broken(refusals.foreignFrom(from));
  if (!/^\+[1-9]\d{6,14}$/.test(to)) return broken(refusals.badTo(to));
  const callback = form['StatusCallback'] ?? '';
  if (callback !== '' && !(/^https?:\/\//.test(callback) && URL.canParse(callback)))
    return broken(refusals.badCallback);
  return {
    asked: {
      from,
      to,
      body,
      media,
      reference: null,
      messagingServiceSid: serviceSid === '' ? null : serviceSid,
      statusCallback: callback === '' ? null : callback,
    },
    accepted: (message) => json(201, messageResource(message)),
  };
}

function refuse({ reason, code: named, status: given }: Refusal): Refused {
  const code = named === undefined ? codes[reason] : Number(named);
  const { status, message } = worded.get(code) ?? { status: 400, message: `Refused by a fault rule (${code})` };
  return { answer: refusalAnswer({ status: given ?? status, code, message }), code: String(code) };
}

function signed(url: string, account: Account, form: Record<string, string>, tools: Tools): Callback {
  return {
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'x-twilio-signature': signForm(account.credentials['auth_token'] ?? '', url, form),
      'i-twilio-idempotency-token': tools.token(),
      'user-agent': 'TwilioProxy/1.1',
      accept: '*/*',
    },
    body: new URLSearchParams(form).toString(),
  };
}

const countries: readonly (readonly [string, string])[] = [
  ['+1', 'US'],
  ['+44', 'GB'],
  ['+61', 'AU'],
  ['+49', 'DE'],
  ['+33', 'FR'],
];

function countryOf(number: string): string {
  return countries.find(([prefix]) => number.startsWith(prefix))?.[1] ?? '';
}
