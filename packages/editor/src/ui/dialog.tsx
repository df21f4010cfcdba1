import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from '../lib/cn.ts';
import { useReturnFocus } from '../lib/return-focus.ts';
import { t } from '../lib/translate.ts';
import { Button } from './button.tsx';

type DialogProps = {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly description?: string | undefined;
  readonly children?: ReactNode;
  readonly footer?: ReactNode;
  readonly width?: string;
  /** What gets focus on opening, if not the first control. */
  readonly onOpenAutoFocus?: (event: Event) => void;
};

const overlay =
  'fixed inset-0 z-50 bg-[oklch(0.2_0.01_70/0.4)] data-[state=closed]:animate-out data-[state=open]:animate-in data-[state=closed]:fade-out-0 data-[state=open]:fade-in-0 duration-150';

/** A question or a short task in front of the page. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  footer,
  width = 'max-w-lg',
  onOpenAutoFocus,
}: DialogProps) {
  const focus = useReturnFocus();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={overlay} />
        <Radix.Content
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          onOpenAutoFocus={(event) => {
            focus.opened();
            onOpenAutoFocus?.(event);
          }}
          onCloseAutoFocus={focus.closed}
          className={cn(
            'fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 flex-col rounded-lg border border-line bg-raised shadow-float outline-none duration-150 data-[state=closed]:animate-out data-[state=open]:animate-in data-[state=closed]:fade-out-0 data-[state=open]:fade-in-0 data-[state=open]:zoom-in-98',
            width,
          )}
        >
          <header className="flex items-start gap-4 px-6 pt-5">
            <div className="min-w-0 flex-1">
              <Radix.Title dir="auto" className="text-lg [overflow-wrap:anywhere]">
                {title}
              </Radix.Title>
              {description === undefined ? null : (
                <Radix.Description dir="auto" className="mt-1 text-base text-ink-2 [overflow-wrap:anywhere]">
                  {description}
                </Radix.Description>
              )}
            </div>
            <Radix.Close asChild>
              <Button kind="ghost" size="icon-sm" aria-label={t('action.close')} className="-mt-0.5 -mr-2">
                <X aria-hidden />
              </Button>
            </Radix.Close>
          </header>
          {children === undefined || children === null ? (
            <div className="h-5" />
          ) : (
            <div className="thin-scroll min-h-0 flex-1 overflow-y-auto px-6 py-4">{children}</div>
          )}
          {footer === undefined ? null : (
            <footer className="flex flex-wrap justify-end gap-2 border-line border-t px-6 py-3.5">{footer}</footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** A panel that comes from an edge on narrow screens. */
export function Sheet({
  open,
  onOpenChange,
  title,
  children,
}: Pick<DialogProps, 'open' | 'onOpenChange' | 'title' | 'children'>) {
  const focus = useReturnFocus();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={overlay} />
        <Radix.Content
          aria-describedby={undefined}
          onOpenAutoFocus={(event) => {
            focus.opened();
            // The focus goes to the panel, not into a field: a field would bring up the keyboard over it.
            event.preventDefault();
            if (event.target instanceof HTMLElement) event.target.focus();
          }}
          onCloseAutoFocus={focus.closed}
          className="fixed inset-x-0 bottom-0 z-50 flex max-h-[88dvh] flex-col rounded-t-[16px] border border-line bg-surface shadow-float outline-none duration-180 data-[state=closed]:animate-out data-[state=open]:animate-in data-[state=closed]:slide-out-to-bottom data-[state=open]:slide-in-from-bottom"
        >
          <Radix.Title className="sr-only">{title}</Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
