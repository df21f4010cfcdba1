import type { ReactNode } from 'react';

/** A part of a screen of settings: what it is about, and its controls on a card. */
export function Section({
  title,
  text,
  actions,
  children,
}: {
  readonly title: string;
  readonly text?: string | undefined;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section aria-label={title} className="rounded-lg border border-line bg-surface shadow-card">
      <header className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 pt-4 md:px-5">
        <div className="min-w-0 flex-1 basis-60">
          <h2 className="font-semibold text-base">{title}</h2>
          {text === undefined ? null : <p className="mt-0.5 text-pretty text-ink-2 text-sm">{text}</p>}
        </div>
        {actions === undefined ? null : <div className="flex flex-wrap items-center gap-1.5">{actions}</div>}
      </header>
      <div className="px-4 py-4 md:px-5">{children}</div>
    </section>
  );
}
