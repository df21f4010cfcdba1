import { useMutation } from '@tanstack/react-query';
import { ImagePlus, X } from 'lucide-react';
import { useRef } from 'react';
import { problemFrom, problemLine, request } from '../lib/api.ts';
import { randomId } from '../lib/random-id.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { type Control, type ControlDeclaration, type ControlProps, described } from './control-props.ts';

const idsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];

/** Pictures of the workspace: uploaded here, shown small, taken out one by one. */
function PicturesControl({ id, label, value, onChange, problems, disabled }: ControlProps) {
  const ids = idsOf(value);
  const input = useRef<HTMLInputElement>(null);
  const upload = useMutation({
    mutationFn: (file: File) =>
      request<{ readonly id: string }>('POST', '/media', {
        raw: { body: file, type: file.type === '' ? 'image/unknown' : file.type },
        idempotencyKey: randomId(),
      }),
    onSuccess: (picture) => onChange([...ids, picture.id]),
  });
  const failed = upload.error === null ? null : problemFrom(upload.error);
  return (
    <div className="flex flex-col gap-1.5">
      {ids.length === 0 ? null : (
        <ul className="flex flex-wrap gap-2">
          {ids.map((each, index) => (
            <li key={each} className="relative">
              <img
                src={`/api/v1/media/${each}/content`}
                alt={t('form.picture', { n: index + 1 })}
                loading="lazy"
                className="size-16 rounded-md border border-line bg-raised object-cover"
              />
              {disabled ? null : (
                <button
                  type="button"
                  aria-label={t('form.remove_picture', { n: index + 1 })}
                  onClick={() => onChange(ids.filter((other) => other !== each))}
                  className="absolute end-0 top-0 grid size-6 place-items-center rounded-md bg-raised pointer-coarse:size-11"
                >
                  <X aria-hidden className="size-3.5" />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      <input
        ref={input}
        type="file"
        accept="image/jpeg,image/png,image/gif"
        aria-label={label}
        tabIndex={-1}
        className="sr-only"
        disabled={disabled || upload.isPending}
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          // The same file may be chosen again after it was taken out.
          event.target.value = '';
          if (file !== undefined) upload.mutate(file);
        }}
      />
      <Button
        id={id}
        size="sm"
        className="self-start"
        disabled={disabled || upload.isPending}
        onClick={() => input.current?.click()}
        {...described(id, problems)}
      >
        <ImagePlus aria-hidden className="size-4" />
        {t(upload.isPending ? 'form.picture_uploading' : 'form.add_picture')}
      </Button>
      {failed === null ? null : (
        <p role="alert" className="text-sm text-stop">
          {t('form.picture_failed', { problem: problemLine(failed) })}
        </p>
      )}
    </div>
  );
}

export const declared = {
  name: 'pictures',
  draws: ['list of text'],
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: PicturesControl };
