import { cn } from '../lib/cn.ts';
import { formatExact, formatRelative } from '../lib/format.ts';
import { useNow } from '../lib/use-now.ts';

/** A moment, relative to now, with the exact time and zone on hover. */
export function Time({ at, className }: { readonly at: string; readonly className?: string }) {
  // The shared clock says when to write it anew; the time itself is read fresh, so that nothing seems to lie ahead.
  useNow();
  return (
    <time dateTime={at} title={formatExact(at)} className={cn('whitespace-nowrap', className)}>
      {formatRelative(at, Date.now())}
    </time>
  );
}
