import { Signpost } from 'lucide-react';
import type { ReactNode } from 'react';
import { EmptyState } from './states.tsx';

/** What an address named is not there, or not any more. `children` lead back. */
export function MissingState({
  title,
  text,
  children,
}: {
  readonly title: string;
  readonly text: string;
  readonly children: ReactNode;
}) {
  return (
    <div className="grid min-h-0 flex-1 place-items-center overflow-y-auto">
      <EmptyState art={<Signpost aria-hidden className="size-9 text-ink-3" />} title={title} text={text}>
        {children}
      </EmptyState>
    </div>
  );
}
