import type { Flow } from '@signalbox/engine/flows/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { problemFrom } from '../lib/api.ts';
import { versionsQuery } from '../lib/queries.ts';
import { t } from '../lib/translate.ts';
import { More } from '../ui/more.tsx';
import { Popover } from '../ui/popover.tsx';
import { ErrorState, Skeleton } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';

/** The published versions and how many people are inside each. */
export function Versions({ flow, children }: { readonly flow: Flow; readonly children: ReactNode }) {
  const [open, setOpen] = useState(false);
  if (flow.live_version === null) return children;
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label={t('versions.title')}
      className="w-80"
      trigger={
        <button type="button" className="inline-flex min-h-6 items-center rounded-full">
          {children}
          <span className="sr-only">, {t('versions.open')}</span>
        </button>
      }
    >
      <VersionList flow={flow} />
    </Popover>
  );
}

function VersionList({ flow }: { readonly flow: Flow }) {
  const versions = useInfiniteQuery(versionsQuery(flow.id));
  if (versions.isPending) return <Skeleton className="m-4 h-20" />;
  if (versions.isError)
    return (
      <ErrorState problem={problemFrom(versions.error)} onRetry={() => void versions.refetch()} className="py-6" />
    );
  return (
    <>
      <h2 className="px-4 pt-3 pb-2 text-sm">{t('versions.title')}</h2>
      <ol className="thin-scroll max-h-80 divide-y divide-line overflow-y-auto border-line border-t">
        {versions.data.pages
          .flatMap((page) => page.data)
          .map((version) => (
            <li key={version.number} className="flex items-baseline gap-3 px-4 py-2.5 text-sm">
              <span className="num font-semibold">{t('versions.number', { version: String(version.number) })}</span>
              <span className="flex-1 text-ink-2">
                <Time at={version.published_at} />
              </span>
              <span className="num text-ink-2">{t('versions.here', { n: version.here })}</span>
            </li>
          ))}
      </ol>
      <More list={versions} size="sm" className="border-line border-t p-2 text-center" />
    </>
  );
}
