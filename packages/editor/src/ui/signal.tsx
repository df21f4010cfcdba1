import type { LucideIcon } from 'lucide-react';
import { cn } from '../lib/cn.ts';

export type SignalTone = 'live' | 'wait' | 'stop' | 'test' | 'calm';

const tones: Readonly<Record<SignalTone, string>> = {
  live: 'text-live bg-live-soft',
  wait: 'text-wait bg-wait-soft',
  stop: 'text-stop bg-stop-soft',
  test: 'text-test bg-test-soft',
  calm: 'text-ink-2 bg-hover',
};

/** A state as an icon and a word: never colour alone. `quiet` leaves the tint out. */
export function Signal({
  tone,
  icon: Icon,
  children,
  quiet = false,
  className,
}: {
  readonly tone: SignalTone;
  readonly icon: LucideIcon;
  readonly children: string;
  readonly quiet?: boolean;
  readonly className?: string;
}) {
  return (
    <span
      className={cn(
        'inline-flex items-center gap-1 whitespace-nowrap font-medium text-xs',
        quiet ? cn(tones[tone].split(' ')[0]) : cn('rounded-full py-0.5 pr-2 pl-1.5', tones[tone]),
        className,
      )}
    >
      <Icon aria-hidden className="size-3.5" />
      {children}
    </span>
  );
}
