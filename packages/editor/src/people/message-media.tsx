import type { Message } from '@signalbox/engine/inbox/contract';
import { FileDown, Image } from 'lucide-react';
import { t } from '../lib/translate.ts';

/** What came with a text besides its words. Addresses are shown as such: they are the provider's, which asks for a sign-in. */
export function MessageMedia({ message }: { readonly message: Pick<Message, 'media'> }) {
  return message.media.map(({ url, type }) => {
    const picture = type.startsWith('image/');
    const Icon = picture ? Image : FileDown;
    return (
      <a
        key={url}
        href={url}
        target="_blank"
        rel="noreferrer"
        title={url}
        className="flex items-center gap-1.5 underline decoration-dotted underline-offset-2"
      >
        <Icon aria-hidden className="size-4 shrink-0" />
        {t(picture ? 'message.picture' : 'message.file')}
      </a>
    );
  });
}
