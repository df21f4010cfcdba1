import { z } from 'zod';

/** Of our senders those at which a trigger hears texts. */
export const triggerSenders = z
  .array(z.string().trim().min(1).max(20))
  .max(20)
  .default([])
  .meta({
    ui: {
      label: 'Only at these senders',
      help: 'Numbers and short codes of yours that people text. Without any, all of them count.',
      control: 'senders',
    },
  });
