import { numbersOf } from '../accounts.ts';
import { countSegments } from '../segments.ts';
import {
  type ApiAnswer,
  type ApiRequest,
  type Callback,
  defineDialect,
  type Handled,
  type Refusal,
  type RefusalReason,
  type Refused,
  withoutPlus,
  withQuery,
} from './define-dialect.ts';

const path = '/api-adv.php';

const plain = (body: string, status = 200): ApiAnswer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body,
});

/** The document shows an invalid number and a long sender; how the others are worded is made up. */
const words: Readonly<Record<RefusalReason, string>> = {
  invalid_number: 'BAD:0:Invalid Number',
  opted_out: 'BAD:0:Recipient has opted out',
  blocked: 'ERROR:The message was blocked as spam.',
  unsupported: 'ERROR:The destination is not supported.',
  sender: 'ERROR:The sender is not registered to your account.',
  throttled: 'ERROR:Too many requests.',
  funds: 'ERROR:You do not have enough credits.',
  auth: 'ERROR:Username or password is incorrect.',
  transient: 'ERROR:Internal error, please try again.',
  invalid_message: 'ERROR:Message is longer than allowed.',
  expired: 'ERROR:Message is longer than allowed.',
  unknown: 'ERROR:Message is longer than allowed.',
};

/** Parameters by form or by query. */
const parametersOf = ({ method, query, body }: ApiRequest): URLSearchParams =>
  new URLSearchParams(method === 'POST' ? body : query);

/** A number in any of the forms that are taken; null for none of them. */
function readNumber(given: string): string | null {
  if (/^04\d{8}$/.test(given)) return `+61${given.slice(1)}`;
  if (/^4\d{8}$/.test(given)) return `+61${given}`;
  return /^[1-9]\d{8,14}$/.test(given) ? `+${given}` : null;
}

/** SMS Broadcast's Advanced HTTP API: https://support.smsbroadcast.com.au/hc/en-us/articles/4412014961423-Advanced-API-Documentation */
export const smsBroadcast = defineDialect({
  name: 'sms-broadcast',
  owns: (asked) => asked === path,
  accountId: /^\S{1,100}$/,
  credentials: ['password'],
  key: ({ sid, credentials }) => `${sid} ${credentials['password'] ?? ''}`,
  caller: (request) => {
    const given = parametersOf(request);
    return `${given.get('username') ?? ''} ${given.get('password') ?? ''}`;
  },
  unauthorized: () => plain(words.auth),
  tooLarge: plain(words.invalid_message),
  broken: plain('', 500),
  refuse,
  messageId: (hex) => String(BigInt(`0x${hex}`) % 10n ** 15n),
  handle(request, account, tools) {
    const given = parametersOf(request);
    if (given.get('action') === 'balance')
      return { answer: plain(`OK:${Math.floor(tools.balance(account) / 1_000_000)}`) };
    return take(
      given,
      numbersOf(account).map(({ number }) => number),
    );
  },
  failureCode: () => null,
  receipts(message, { status, reason, unheardOf }, { url }) {
    if (status === 'sent') return [];
    const failed = reason === 'expired' ? 'Expired' : 'Failed';
    const said = status === 'delivered' ? 'Delivered' : failed;
    return [
      called(url, {
        to: withoutPlus(message.to),
        ref: message.reference ?? '',
        smsref: message.sid,
        status: unheardOf ? 'Dreaming' : said,
      }),
    ];
  },
  texts: ({ from, to, body }, { url }) => [
    called(url, { to: withoutPlus(to), from: withoutPlus(from), message: body, ref: '', smsref: '' }),
  ],
});

function refuse({ reason, code, status }: Refusal): Refused {
  return { answer: plain(code === undefined ? words[reason] : `ERROR:${code}`, status), code: code ?? reason };
}

/** Reads a message to one number, or says what is wrong with it. */
function take(given: URLSearchParams, own: readonly string[]): Handled {
  const wrong = (line: string, code: RefusalReason): Handled => ({ answer: plain(line), code });
  const from = given.get('from') ?? '';
  const message = given.get('message') ?? '';
  const ref = given.get('ref') ?? '';
  const split = Number(given.get('maxsplit') ?? '1');
  const asked = given.get('to') ?? '';
  if (from.length > 11 && !/^\d+$/.test(from))
    return wrong('ERROR:The sender cannot be longer than 11 characters.', 'sender');
  if (/[^A-Za-z0-9]/.test(from)) return wrong('ERROR:The sender can hold letters and digits alone.', 'sender');
  if (ref.length > 20) return wrong('ERROR:The ref cannot be longer than 20 characters.', 'invalid_message');
  if (!(split >= 1 && split <= 5)) return wrong('ERROR:The maxsplit must be from 1 to 5.', 'invalid_message');
  if (message === '' || countSegments(message) > split) return wrong(words.invalid_message, 'invalid_message');
  const to = readNumber(asked);
  if (to === null) return wrong(`BAD:${asked}:Invalid Number`, 'invalid_number');
  const number = readNumber(from);
  return {
    asked: {
      from: number !== null && own.includes(number) ? number : from,
      to,
      body: message,
      reference: ref === '' ? null : ref,
      statusCallback: null,
    },
    accepted: ({ sid }) => plain(`OK:${asked}:${sid}\n`),
  };
}

/** Its requests to customers are of GET, to an address that its support wrote down. */
function called(url: string, parameters: Readonly<Record<string, string>>): Callback {
  return { method: 'GET', url: withQuery(url, parameters), headers: {}, body: '' };
}
