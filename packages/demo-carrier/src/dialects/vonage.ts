import type { Account } from '../accounts.ts';
import { type ApiRequest, defineDialect, json, uuidOf } from './define-dialect.ts';
import { messageReceipts, messageTexts, refuseMessage, sendMessage } from './vonage-messages.ts';
import { refuseSms, sendSms, smsErrorCode, smsReceipts, smsTexts } from './vonage-sms.ts';

const smsPath = '/sms/json';
const messagesPath = '/v1/messages';
const balancePath = '/account/get-balance';

/** Key and secret, of a form or of HTTP Basic. */
function callerOf({ path, body, header }: ApiRequest): string | null {
  if (path === smsPath) {
    const form = new URLSearchParams(body);
    return `${form.get('api_key') ?? ''}:${form.get('api_secret') ?? ''}`;
  }
  const [, given] = /^Basic (\S+)$/.exec(header('authorization') ?? '') ?? [];
  return given === undefined ? null : Buffer.from(given, 'base64').toString();
}

/** Which of its two APIs a customer uses is a setting of its account. */
const usesMessages = ({ credentials }: Pick<Account, 'credentials'>): boolean => credentials['api'] === 'messages';

/** Vonage's two APIs for text messages: https://developer.vonage.com/en/api */
export const vonage = defineDialect({
  name: 'vonage',
  owns: (path) => [smsPath, messagesPath, balancePath].includes(path),
  accountId: /^[\w-]{4,32}$/,
  credentials: ['api_secret', 'signature_secret'],
  key: ({ sid, credentials }) => `${sid}:${credentials['api_secret'] ?? ''}`,
  caller: callerOf,
  unauthorized({ path }) {
    if (path === smsPath) return refuseSms({ reason: 'auth' }).answer;
    if (path === messagesPath) return refuseMessage({ reason: 'auth' }).answer;
    return json(401, { 'error-code': '401', 'error-code-label': 'authentication failed' });
  },
  tooLarge: json(413, { title: 'The request is too large' }),
  broken: json(500, { title: 'Internal error' }),
  refuse: (refusal, account) => (usesMessages(account) ? refuseMessage(refusal) : refuseSms(refusal)),
  messageId: uuidOf,
  handle({ method, path, body }, account, tools) {
    if (path === balancePath && method === 'GET')
      return { answer: json(200, { value: tools.balance(account) / 1_000_000, autoReload: false }) };
    if (path === smsPath && method === 'POST') return sendSms(new URLSearchParams(body), account, tools);
    if (path === messagesPath && method === 'POST') return sendMessage(body, account);
    return { answer: json(405, { title: 'Method not allowed' }) };
  },
  failureCode: (_status, reason) => smsErrorCode(reason),
  receipts: (message, happening, to, tools) =>
    (usesMessages(to.account) ? messageReceipts : smsReceipts)(message, happening, to, tools),
  texts: (message, { url, number: { account } }, tools) =>
    (usesMessages(account) ? messageTexts : smsTexts)(message, { url, account }, tools),
});
