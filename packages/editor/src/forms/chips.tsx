import { X } from 'lucide-react';
import { cn } from '../lib/cn.ts';
import { t } from '../lib/translate.ts';

/** A thing that was chosen or entered. */
type Chip = { readonly key: string; readonly name: string };

/** What a list holds, each with a button that takes it out. */
export function Chips({
  chips,
  onRemove,
  disabled,
  className,
}: {
  readonly chips: readonly Chip[];
  readonly onRemove: (key: string) => void;
  readonly disabled: boolean;
  readonly className?: string;
}) {
  if (chips.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-1.5">
      {chips.map(({ key, name }) => (
        <li
          key={key}
          className={cn(
            'inline-flex min-h-6.5 max-w-full items-center rounded-md bg-action-soft ps-2 text-action text-sm',
            className,
          )}
        >
          <bdi className="num min-w-0 pe-2 [overflow-wrap:anywhere]">{name}</bdi>
          {disabled ? null : (
            <button
              type="button"
              aria-label={t('form.remove_keyword', { word: name })}
              onClick={() => onRemove(key)}
              className="grid size-6.5 shrink-0 place-items-center rounded-md opacity-70 hover:opacity-100"
            >
              <X aria-hidden className="size-3.5" />
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
