import { z } from 'zod';
import type { ConnectedAs, Money } from './provider.ts';

/** What connects an account at Vonage: https://developer.vonage.com/en/getting-started/concepts/authentication */
export const fields = z.object({
  api_key: z
    .string()
    .regex(/^[\w-]{4,32}$/)
    .meta({ ui: { label: 'API key', help: 'On the start page of Vonage’s dashboard.', control: 'text' } }),
  api_secret: z
    .string()
    .min(1)
    .max(200)
    .meta({ ui: { label: 'API secret', help: 'Beside the API key.', control: 'text' } }),
  signature_secret: z
    .string()
    .min(16)
    .max(200)
    .meta({ ui: { label: 'Signature secret', help: 'In the dashboard’s API settings.', control: 'text' } }),
  signature_method: z
    .enum(['md5hash', 'md5', 'sha1', 'sha256', 'sha512'])
    .default('md5hash')
    .meta({
      ui: {
        label: 'Signature method',
        help: 'As chosen beside the signature secret.',
        visible: { field: 'api', equals: 'sms' },
        control: 'select',
        options: [
          { value: 'md5hash', label: 'MD5 hash' },
          { value: 'md5', label: 'MD5 HMAC' },
          { value: 'sha1', label: 'SHA-1 HMAC' },
          { value: 'sha256', label: 'SHA-256 HMAC' },
          { value: 'sha512', label: 'SHA-512 HMAC' },
        ],
      },
    }),
  api: z
    .enum(['sms', 'messages'])
    .default('sms')
    .meta({
      ui: {
        label: 'API',
        help: 'The default SMS setting of your account, in the dashboard’s API settings.',
        control: 'select',
        options: [
          { value: 'sms', label: 'SMS API' },
          { value: 'messages', label: 'Messages API' },
        ],
      },
    }),
});

/** An account, connected. */
export type Account = ConnectedAs<z.infer<typeof fields>>;

/** Where receipts of one message go. Our reference comes back in them, and whoever adds parameters of its own signs those alone. */
export const withoutQuery = (url: string): string => url.replace(/[?#].*$/s, '');

/** An amount that is one, in millionths. */
export const amountSchema = z.union([
  z.string().regex(/^\d{1,9}(\.\d{1,12})?$/),
  z.number().min(0).max(999_999_999).transform(String),
]);

/** The currency of both APIs, of prices and of what is left. */
export const currency: Money['currency'] = 'EUR';
