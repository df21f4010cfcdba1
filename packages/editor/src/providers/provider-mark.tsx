import { cn } from '../lib/cn.ts';

/** A provider's initials on a tint: no company's own mark, and the same everywhere. */
export function ProviderMark({ title, className }: { readonly title: string; readonly className?: string }) {
  const [first = '', second] = title.split(/\s+/);
  const letters = second === undefined ? first.slice(0, 2) : first.slice(0, 1) + second.slice(0, 1);
  return (
    <span
      aria-hidden
      data-letters={letters}
      className={cn(
        'grid size-9 shrink-0 place-items-center rounded-lg bg-sunken font-semibold text-ink-2 text-sm before:content-[attr(data-letters)]',
        className,
      )}
    />
  );
}
