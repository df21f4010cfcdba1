import { z } from 'zod';
import type { ConnectedAs } from './provider.ts';

/** What connects an account at Telstra, and how it writes numbers: https://dev.telstra.com/docs/messaging-api */

export const fields = z.object({
  client_id: z
    .string()
    .regex(/^[\w-]{1,100}$/)
    .meta({ ui: { label: 'Client ID', help: 'On dev.telstra.com among the keys of your app.', control: 'text' } }),
  client_secret: z
    .string()
    .min(1)
    .max(200)
    .meta({ ui: { label: 'Client secret', help: 'Beside the client ID.', control: 'text' } }),
  virtual_number: z
    .string()
    .max(1_000)
    .regex(/^[\d+ ,]*$/)
    .default('')
    .meta({
      ui: {
        label: 'Virtual numbers',
        help: 'Whose opt-outs are read, with commas between them. All of them if empty.',
        placeholder: '0412345678',
        control: 'text',
      },
    }),
  message_id_field: z
    .string()
    .regex(/^[A-Za-z]\w{0,63}$/)
    .default('messageId')
    .meta({
      ui: {
        label: 'Message ID in callbacks',
        help: 'The name of the field that has it. Change it only if Telstra uses another.',
        placeholder: 'messageId',
        control: 'text',
      },
    }),
});

/** An account, connected. */
export type Account = ConnectedAs<z.infer<typeof fields>>;

/** Australian numbers as Telstra writes them: 0412345678. */
export function national(number: string): string {
  return number.replace(/^\+61(?=\d{9}$)/, '0');
}
