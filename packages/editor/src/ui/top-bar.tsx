import { WifiOff } from 'lucide-react';
import { createContext, type ReactNode, use, useEffect, useSyncExternalStore } from 'react';
import { cn } from '../lib/cn.ts';
import { streamState } from '../lib/stream.ts';
import { t } from '../lib/translate.ts';
import { Hint } from './tooltip.tsx';

/** What stands in the top bar of every screen, beside its own actions: the frame says. */
export const TopBarTools = createContext<ReactNode>(null);

/** Where you are, what state it is in, and the one primary action at the right. */
export function TopBar({
  title,
  pageTitle,
  state,
  stacked = false,
  children,
}: {
  readonly title: ReactNode;
  /** For the browser's tab. */
  readonly pageTitle: string;
  readonly state?: ReactNode;
  /** On narrow screens the actions stand below the title. */
  readonly stacked?: boolean;
  readonly children?: ReactNode;
}) {
  const tools = use(TopBarTools);
  const connected = useSyncExternalStore(streamState.subscribe, streamState.get);
  useEffect(() => {
    document.title = t('page_title', { page: pageTitle });
  }, [pageTitle]);
  return (
    <header className="z-10 flex min-h-13 shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-line border-b bg-surface px-4 py-1.5 md:px-6">
      <div
        className={cn(
          'flex min-w-0 flex-1 items-center gap-x-3 gap-y-0.5',
          stacked ? 'max-md:basis-[calc(100%-4rem)]' : 'max-md:flex-wrap',
        )}
      >
        {title}
        {state}
        {connected ? null : (
          <Hint text={t('stream.lost.detail')}>
            <output className="inline-flex items-center gap-1.5 whitespace-nowrap text-sm text-wait">
              <WifiOff aria-hidden className="size-3.5" />
              {t('stream.lost')}
            </output>
          </Hint>
        )}
      </div>
      {tools}
      <div
        className={cn(
          'flex items-center gap-1.5 empty:hidden',
          stacked && 'max-md:w-full max-md:[&>:last-child]:ml-auto',
        )}
      >
        {children}
      </div>
    </header>
  );
}

/** The title of a screen in its top bar. */
export function ScreenTitle({ children }: { readonly children: string }) {
  return <h1 className="truncate text-lg">{children}</h1>;
}
