import { useQuery } from '@tanstack/react-query';
import { problemFrom } from '../lib/api.ts';
import { t } from '../lib/translate.ts';
import { workspaceQuery } from '../lib/workspace.ts';
import { ErrorState, Skeleton } from '../ui/states.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { WorkspaceForm } from './workspace-form.tsx';

/** What holds for the whole workspace. */
export function SettingsScreen() {
  const workspace = useQuery(workspaceQuery);
  return (
    <>
      <TopBar title={<ScreenTitle>{t('settings.title')}</ScreenTitle>} pageTitle={t('settings.title')} />
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-3xl px-4 py-5 md:px-8 md:py-7">
          {workspace.isPending ? <Skeleton className="h-120" /> : null}
          {workspace.isError ? (
            <ErrorState problem={problemFrom(workspace.error)} onRetry={() => void workspace.refetch()} />
          ) : null}
          {workspace.data === undefined ? null : <WorkspaceForm workspace={workspace.data} />}
        </div>
      </div>
    </>
  );
}
