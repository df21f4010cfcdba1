import { defineRule, refuse, send } from './define-rule.ts';

/** Without a number to send from nothing can be sent. */
export const sender = defineRule({
  name: 'sender',
  title: 'Sender',
  says: 'A message needs a number to be sent from.',
  reasons: { no_sender: 'There is no number to send from' },
  remedies: {
    no_sender: 'Messages of this flow would not be sent. Connect a provider and its number in the settings.',
  },
  decide: ({ hasSender }) => (hasSender ? send : refuse('no_sender')),
});
