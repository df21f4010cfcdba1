import { useQuery } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import { Terminal } from 'lucide-react';
import { sessionQuery } from '../lib/queries.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Mark } from '../ui/mark.tsx';

/** Without a session: says where the sign-in link comes from. */
export function SignInScreen() {
  const session = useQuery(sessionQuery);
  if (session.data !== undefined && session.data !== null && window.location.pathname === '/sign-in')
    return <Navigate to="/flows" />;
  return (
    <main className="grid min-h-dvh place-items-center overflow-y-auto bg-[radial-gradient(80rem_40rem_at_50%_-10%,var(--action-soft),transparent)] p-6">
      <title>{t('page_title', { page: t('sign_in.page') })}</title>
      <div className="w-full max-w-md">
        <Mark className="size-12" />
        <h1 className="mt-6 text-2xl">{t('sign_in.title')}</h1>
        <p className="mt-3 text-ink-2 text-lg">{t('sign_in.text')}</p>
        <ol className="mt-6 divide-y divide-line rounded-lg border border-line bg-surface">
          <li className="flex gap-3 p-4">
            <Terminal aria-hidden className="mt-0.5 size-4 text-ink-3" />
            <div>
              <p>{t('sign_in.run')}</p>
              <code className="mt-1.5 block select-all rounded-md bg-sunken px-2.5 py-1.5 font-mono text-sm">
                npx pnpm start
              </code>
            </div>
          </li>
          <li className="p-4 text-ink-2">{t('sign_in.open')}</li>
        </ol>
        <Button className="mt-5" onClick={() => void session.refetch()} disabled={session.isFetching}>
          {t('sign_in.check')}
        </Button>
      </div>
    </main>
  );
}
