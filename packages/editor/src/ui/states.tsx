import type { Problem } from '@signalbox/engine/http/contract';
import { CircleAlert, RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { problemAdvice } from '../lib/api.ts';
import { cn } from '../lib/cn.ts';
import { t } from '../lib/translate.ts';
import { Button } from './button.tsx';

/** The shape of what comes. */
export function Skeleton({ className }: { readonly className?: string }) {
  return <div aria-hidden className={cn('animate-pulse rounded-md bg-hover', className)} />;
}

/** Rows of a list that is being read. */
export function SkeletonRows({ rows = 6, label }: { readonly rows?: number; readonly label: string }) {
  return (
    <div role="status" aria-label={label} className="divide-y divide-line">
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <div key={index} className="flex items-center gap-4 px-4 py-3.5">
          <Skeleton className="size-8 rounded-lg" />
          <div className="flex-1 space-y-2">
            <Skeleton className="h-3.5 w-44 max-w-full" />
            <Skeleton className="h-3 w-64 max-w-full" />
          </div>
          <Skeleton className="h-3.5 w-16" />
        </div>
      ))}
    </div>
  );
}

/** What happened, why, and what to do about it. */
export function ErrorState({
  problem,
  onRetry,
  className,
}: {
  readonly problem: Problem;
  readonly onRetry?: () => void;
  readonly className?: string;
}) {
  return (
    <div
      role="alert"
      className={cn('mx-auto flex max-w-md flex-col items-center gap-3 px-6 py-14 text-center', className)}
    >
      <CircleAlert aria-hidden className="size-7 text-stop" />
      <div>
        <p dir="auto" className="font-semibold text-lg">
          {problem.title}
        </p>
        <p dir="auto" className="mt-1 text-ink-2">
          {problemAdvice(problem)}
        </p>
      </div>
      {onRetry === undefined ? null : (
        <Button onClick={onRetry}>
          <RotateCw aria-hidden />
          {t('action.try_again')}
        </Button>
      )}
    </div>
  );
}

/** Nothing here yet: says what will be, and offers the first step. */
export function EmptyState({
  art,
  title,
  text,
  children,
  className,
}: {
  readonly art?: ReactNode;
  readonly title: string;
  readonly text: string;
  readonly children?: ReactNode;
  readonly className?: string;
}) {
  return (
    <div className={cn('mx-auto flex max-w-xl flex-col items-center px-6 py-14 text-center', className)}>
      {art}
      <h2 dir="auto" className="mt-5 max-w-full text-xl [overflow-wrap:anywhere]">
        {title}
      </h2>
      <p className="mt-2 text-balance text-ink-2">{text}</p>
      {children === undefined ? null : (
        <div className="mt-6 flex w-full flex-wrap justify-center gap-2">{children}</div>
      )}
    </div>
  );
}
