import { useQuery } from '@tanstack/react-query';
import { problemFrom } from '../lib/api.ts';
import { sendersQuery } from '../lib/queries.ts';
import { t } from '../lib/translate.ts';
import { ErrorState, Skeleton } from '../ui/states.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { MessagePreviewSection } from './message-preview.tsx';
import { routesQuery } from './queries.ts';
import { RouteTable } from './route-table.tsx';
import { Senders } from './senders.tsx';

/** What messages go out from: the senders, the routes by which each message gets its own, and what would happen to one. */
export function RoutingScreen() {
  const senders = useQuery(sendersQuery);
  const routes = useQuery(routesQuery);
  const failed = senders.isError ? senders : routes.isError ? routes : null;
  return (
    <>
      <TopBar title={<ScreenTitle>{t('routing.title')}</ScreenTitle>} pageTitle={t('routing.title')} />
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-3xl flex-col gap-4 px-4 py-5 md:px-8 md:py-7">
          {failed === null ? null : (
            <ErrorState problem={problemFrom(failed.error)} onRetry={() => void failed.refetch()} />
          )}
          {senders.isPending || routes.isPending ? <Skeleton className="h-120" /> : null}
          {senders.data === undefined || routes.data === undefined ? null : (
            <>
              <Senders senders={senders.data} />
              <RouteTable senders={senders.data} routes={routes.data} />
              <MessagePreviewSection senders={senders.data} />
            </>
          )}
        </div>
      </div>
    </>
  );
}
