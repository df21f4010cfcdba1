import type { Message } from '@signalbox/engine/inbox/contract';
import { t } from '../lib/translate.ts';

/** A message in one line: its words, or what came instead of them. */
export function messageLine(message: Pick<Message, 'text' | 'media'>): string {
  if (message.text.trim() !== '' || message.media.length === 0) return message.text;
  return t(message.media.every(({ type }) => type.startsWith('image/')) ? 'message.pictures' : 'message.files', {
    n: message.media.length,
  });
}
