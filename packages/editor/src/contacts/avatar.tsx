import { User } from 'lucide-react';
import { cn } from '../lib/cn.ts';
import { initialsOf } from './names.ts';

const tints = ['message', 'people', 'trigger', 'logic', 'wait'] as const;

/** Letters of a name on a quiet tint; a figure for a number without a name. */
export function Avatar({ name, className }: { readonly name: string; readonly className?: string }) {
  const initials = initialsOf(name);
  const tint = tints[[...name].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % tints.length] ?? 'end';
  return (
    <span
      aria-hidden
      className={cn('grid size-9 shrink-0 place-items-center rounded-full font-semibold text-xs', className)}
      style={{
        background: `var(--g-${initials === null ? 'end' : tint}-soft)`,
        color: `var(--g-${initials === null ? 'end' : tint})`,
      }}
    >
      {initials ?? <User className="size-4" />}
    </span>
  );
}
