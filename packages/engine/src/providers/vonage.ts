import { z } from 'zod';
import { basicAuthorization, checkBalance, microUnits } from './outcomes.ts';
import { northAmerica, pictures } from './pictures.ts';
import { defineProvider } from './provider.ts';
import { currency, fields } from './vonage-account.ts';
import { readMessage, sendMessage } from './vonage-messages.ts';
import { verifyParameters, verifyToken } from './vonage-signature.ts';
import { readSms, sendSms } from './vonage-sms.ts';

const messagesOrigin = 'https://api.nexmo.com';
const balanceSchema = z.object({ value: z.union([z.string(), z.number()]) });

/** Vonage's SMS API, or its Messages API: an account uses one of the two, which send and tell in different words: https://developer.vonage.com/en/api */
export const vonage = defineProvider({
  type: 'vonage',
  title: 'Vonage',
  baseUrl: 'https://rest.nexmo.com',
  // The further ones keep the pictures that came: (unverified) which of them, goes by where an account is.
  origins: {
    messages: messagesOrigin,
    american: 'https://api-us.nexmo.com',
    european: 'https://api-eu.nexmo.com',
    asian: 'https://api-ap.nexmo.com',
  },
  account: {
    fields,
    identity: 'api_key',
    secrets: ['api_secret', 'signature_secret'],
    options: ['api'],
    example: {
      api_key: 'a1b2c3d4',
      api_secret: 'the-secret-of-the-key',
      signature_secret: 'the-signature-secret-of-the-account',
      signature_method: 'md5hash',
      api: 'sms',
    },
  },
  senders: ['long_code', 'short_code', 'toll_free', 'alphanumeric'],
  capabilities: { media: true, signed: true, answersOptOuts: false, polls: false },
  unverified:
    'Vonage signs what the SMS API sends only once its support has switched that on, may send accounts without an application no receipts for the Messages API, and does not say how large pictures may be.',
  // The Messages API takes a thousand characters in one text.
  limits: {
    textLength: { gsm7: 1_000, ucs2: 1_000 },
    reference: 40,
    // Within the USA and Canada, by the Messages API alone: https://developer.vonage.com/en/messages/concepts/mms. (unverified) Nothing says how
    // many and how large: so much is what networks there take from every kind of number.
    media: {
      files: 10,
      bytes: 600_000,
      types: pictures(600_000),
      countries: northAmerica,
      bytesFrom: { alphanumeric: 0 },
      options: { api: 'messages' },
    },
  },
  webhooks: { methods: ['GET', 'POST'], acknowledgement: { contentType: 'text/plain', body: '' } },
  demo: {
    known: ({ api_secret, signature_secret, signature_method, api }) => ({
      api_secret,
      signature_secret,
      signature_method,
      api,
    }),
  },
  connect(account, http) {
    const { baseUrl, credentials, origins } = account;
    const ofMessages = credentials.api === 'messages';
    const origin = origins['messages'] ?? messagesOrigin;
    const authorization = basicAuthorization(credentials.api_key, credentials.api_secret);
    return {
      fileHeaders: { authorization },
      send: (message, timeoutMs) =>
        ofMessages
          ? sendMessage(account, origin, http, message, timeoutMs)
          : sendSms(account, http, message, timeoutMs),
      // https://developer.vonage.com/en/api/account
      check: (timeoutMs) =>
        checkBalance(
          () =>
            http.request({
              method: 'GET',
              url: `${baseUrl}/account/get-balance`,
              headers: { authorization },
              timeoutMs,
            }),
          (text) => {
            const { value } = balanceSchema.parse(JSON.parse(text));
            return { microUnits: microUnits(value), currency };
          },
        ),
      verify: (request) => (ofMessages ? verifyToken(account, request) : verifyParameters(account, request)),
      read: (request) => [ofMessages ? readMessage(request) : readSms(request)],
    };
  },
});
