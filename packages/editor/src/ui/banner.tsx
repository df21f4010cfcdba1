import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '../lib/cn.ts';

type BannerProps = {
  readonly tone: 'wait' | 'stop';
  readonly icon: LucideIcon;
  /** What is the matter. */
  readonly title: string;
  /** Why, and what to do about it. */
  readonly text: string;
  /** Announced at once: for what a person's own edits ran into. */
  readonly urgent?: boolean;
  /** More about it, across the whole width. */
  readonly below?: ReactNode;
  /** Buttons. */
  readonly children?: ReactNode;
};

const tones: Readonly<Record<BannerProps['tone'], readonly [string, string]>> = {
  wait: ['bg-wait-soft', 'text-wait'],
  stop: ['bg-stop-soft', 'text-stop'],
};

/** A notice across a screen, below its top bar: what is the matter and what to do about it. */
export function Banner({ tone, icon: Icon, title, text, urgent = false, below, children }: BannerProps) {
  const [ground, signal] = tones[tone];
  return (
    <div
      role={urgent ? 'alert' : 'status'}
      className={cn(
        'flex flex-wrap items-center gap-x-3 gap-y-2 border-line border-b px-4 py-2 text-sm md:px-6',
        ground,
      )}
    >
      <Icon aria-hidden className={cn('size-4 shrink-0', signal)} />
      <p dir="auto" className="min-w-60 flex-1 text-pretty [overflow-wrap:anywhere]">
        <strong className="font-semibold">{title}</strong> {text}
      </p>
      {children}
      {below}
    </div>
  );
}
