import { User } from 'lucide-react';
import { cn } from '../lib/cn.ts';
import { initialsOf } from './names.ts';

/** Letters of a name on a quiet ground, so that only signals have colour; a figure for a number without a name. */
export function Avatar({ name, className }: { readonly name: string; readonly className?: string }) {
  const initials = initialsOf(name);
  return (
    <span
      aria-hidden
      dir="auto"
      className={cn(
        'grid size-9 shrink-0 place-items-center rounded-full bg-hover font-semibold text-ink-2 text-xs',
        className,
      )}
    >
      {initials ?? <User className="size-4" />}
    </span>
  );
}
