import { cn } from '../lib/cn.ts';
import { showKeys } from '../lib/keys.ts';

/** A shortcut as keys: `$mod+Shift+KeyZ` becomes Ctrl Shift Z, or the symbols of a Mac. */
export function Kbd({ keys, inverted = false }: { readonly keys: string; readonly inverted?: boolean }) {
  return (
    <span className="inline-flex gap-0.5">
      {showKeys(keys).map((key) => (
        <kbd
          key={key}
          className={cn(
            'min-w-5 rounded-[5px] px-1 py-px text-center font-medium font-sans text-[11px] leading-4',
            inverted ? 'bg-paper/18 text-paper' : 'border border-line bg-sunken text-ink-3',
          )}
        >
          {key}
        </kbd>
      ))}
    </span>
  );
}
