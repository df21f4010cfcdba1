import type { Message } from '@signalbox/engine/inbox/contract';
import { useMutation } from '@tanstack/react-query';
import { FileDown, Image, ImageOff, LoaderCircle } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { problemAdvice, problemFrom, request } from '../lib/api.ts';
import { randomId } from '../lib/random-id.ts';
import { t } from '../lib/translate.ts';

type File = Message['media'][number];

const isPicture = ({ type }: Pick<File, 'type'>): boolean => type.startsWith('image/');
const keyOf = ({ id, url, type }: File): string => id ?? url ?? type;

/** What goes or came with a text besides its words: pictures where they stand, other files to be saved, and what is not there with why. */
export function MessageMedia({ message }: { readonly message: Pick<Message, 'media'> }) {
  return message.media.map((file) => <OneFile key={keyOf(file)} file={file} />);
}

function OneFile({ file }: { readonly file: File }) {
  const { state, url } = file;
  if (state === 'waiting') return <Waits />;
  if (url === null) return <Missing file={file} />;
  return state === 'stored' && isPicture(file) ? <Picture file={file} url={url} /> : <FileLink file={file} url={url} />;
}

/** The room that it takes is known before it is there, so that nothing moves when it comes. */
function Picture({ file, url }: { readonly file: File; readonly url: string }) {
  const [broken, setBroken] = useState(false);
  if (broken) return <FileLink file={file} url={url} />;
  return (
    <a href={url} target="_blank" rel="noreferrer" className="my-1 block w-fit">
      <img
        src={url}
        alt={t('message.picture_alt')}
        loading="lazy"
        decoding="async"
        width={file.width ?? undefined}
        height={file.height ?? undefined}
        onError={() => setBroken(true)}
        className="h-auto max-h-72 w-auto max-w-full rounded-lg bg-raised object-contain"
      />
    </a>
  );
}

function FileLink({ file, url }: { readonly file: File; readonly url: string }) {
  const picture = isPicture(file);
  const Icon = picture ? Image : FileDown;
  return (
    <a
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
}

function Waits() {
  return (
    <span className="flex items-center gap-1.5 opacity-80">
      <LoaderCircle aria-hidden className="size-4 shrink-0 motion-safe:animate-spin" />
      {t('message.media_waiting')}
    </span>
  );
}

function Missing({ file }: { readonly file: File }) {
  const again = useMutation({
    mutationFn: () => request<unknown>('POST', `/media/${file.id}/fetch`, { idempotencyKey: randomId() }),
    onError: (error) => {
      const problem = problemFrom(error);
      toast.error(problem.title, { description: problemAdvice(problem) });
    },
  });
  const why = file.reason?.text ?? null;
  return (
    <span className="flex flex-wrap items-center gap-x-1.5">
      <ImageOff aria-hidden className="size-4 shrink-0" />
      {file.state === 'erased' ? t('message.media_erased') : t('message.media_missing', { why: why ?? '' })}
      {file.state === 'lost' ? (
        <button
          type="button"
          disabled={again.isPending || again.isSuccess}
          onClick={() => again.mutate()}
          className="min-h-6 underline underline-offset-2 pointer-coarse:min-h-11"
        >
          {t(again.isSuccess ? 'message.media_asked' : 'message.media_again')}
        </button>
      ) : null}
    </span>
  );
}
