import type { ReactNode } from 'react';
import { cn } from '../lib/cn.ts';

/** A part that may be wider than its place: it is moved with the keyboard too, and says what it is. */
export function Scrolled({
  label,
  className,
  children,
}: {
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what overflows is moved with the keyboard too
    <section tabIndex={0} aria-label={label} className={cn('thin-scroll overflow-x-auto', className)}>
      {children}
    </section>
  );
}
