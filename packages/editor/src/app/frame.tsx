import { useQuery } from '@tanstack/react-query';
import { Outlet, useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { problemFrom } from '../lib/api.ts';
import { type AppCommand, currentCommands, useCommands } from '../lib/commands.ts';
import { sessionQuery } from '../lib/queries.ts';
import { signOut, useSession } from '../lib/session.ts';
import { listenForShortcuts } from '../lib/shortcuts.ts';
import { joinStream } from '../lib/stream.ts';
import { setTheme } from '../lib/theme.ts';
import { t } from '../lib/translate.ts';
import { NoticeBell } from '../notices/notice-bell.tsx';
import { focusPhone } from '../phone/show-phone.ts';
import { SignInScreen } from '../sign-in/sign-in-screen.tsx';
import { ErrorState, Skeleton } from '../ui/states.tsx';
import { TopBarTools } from '../ui/top-bar.tsx';
import { CommandPalette } from './command-palette.tsx';
import { Rail } from './rail.tsx';
import { screenCommands, screens, staleAfter } from './screens.ts';
import { ShortcutsSheet } from './shortcuts-sheet.tsx';
import { SubScreens } from './sub-screens.tsx';

/** The frame around every screen of a signed-in person: rail, palette, shortcuts, the event stream. */
export function Frame() {
  const session = useQuery(sessionQuery);
  if (session.isPending) return <FrameSkeleton />;
  if (session.isError) {
    return (
      <main className="grid h-full place-items-center">
        <ErrorState problem={problemFrom(session.error)} onRetry={() => void session.refetch()} />
      </main>
    );
  }
  return session.data === null ? <SignInScreen /> : <SignedIn />;
}

const bell = <NoticeBell />;

function SignedIn() {
  const navigate = useNavigate();
  const demo = useSession()?.demo !== null;
  const [palette, setPalette] = useState(false);
  const [sheet, setSheet] = useState(false);
  useEffect(() => joinStream(staleAfter), []);
  useEffect(() => listenForShortcuts(), []);
  const commands = useMemo((): AppCommand[] => {
    const view = t('commands.group.view');
    return [
      {
        id: 'app.palette',
        label: t('commands.palette'),
        group: view,
        keys: ['$mod+KeyK'],
        inText: true,
        hidden: true,
        run: () => setPalette((open) => !open),
      },
      {
        id: 'app.shortcuts',
        label: t('commands.shortcuts'),
        group: view,
        keys: ['Shift+?', '$mod+Slash'],
        run: () => setSheet(true),
      },
      { id: 'app.search', label: t('commands.search'), group: view, keys: ['Slash'], hidden: true, run: focusSearch },
      ...screenCommands(screens, (to) => void navigate({ to })),
      ...(demo
        ? [
            {
              id: 'app.phone',
              label: t('commands.phone'),
              group: view,
              words: t('commands.phone.words'),
              // Where a screen has the phone beside it, its own entry opens that one.
              when: () => !currentCommands().some((command) => command.id === 'phone.toggle'),
              run: () => {
                void navigate({ to: '/conversations', search: { phone: true } });
                focusPhone();
              },
            },
          ]
        : []),
      { id: 'theme.light', label: t('commands.theme_light'), group: view, run: () => setTheme('light') },
      { id: 'theme.dark', label: t('commands.theme_dark'), group: view, run: () => setTheme('dark') },
      { id: 'theme.system', label: t('commands.theme_system'), group: view, run: () => setTheme('system') },
      {
        id: 'app.sign_out',
        label: t('session.sign_out'),
        group: t('commands.group.session'),
        run: () => void signOut(),
      },
    ];
  }, [navigate, demo]);
  useCommands(commands);
  return (
    <div className="flex h-dvh max-md:flex-col-reverse">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-60 focus:rounded-md focus:bg-raised focus:px-3 focus:py-2 focus:shadow-float"
      >
        {t('nav.skip')}
      </a>
      <Rail onShortcuts={() => setSheet(true)} onPalette={() => setPalette(true)} />
      <main id="main" tabIndex={-1} className="flex min-h-0 min-w-0 flex-1 flex-col outline-none">
        <SubScreens />
        <TopBarTools value={bell}>
          <Outlet />
        </TopBarTools>
      </main>
      <CommandPalette open={palette} onOpenChange={setPalette} />
      <ShortcutsSheet open={sheet} onOpenChange={setSheet} />
    </div>
  );
}

function focusSearch(): void {
  const field = document.querySelector('[data-search]');
  if (field instanceof HTMLInputElement) field.focus();
}

function FrameSkeleton() {
  return (
    <div role="status" aria-label={t('loading')} className="flex h-dvh">
      <div className="w-23 border-line border-r bg-surface max-md:hidden" />
      <div className="flex-1">
        <div className="flex h-13 items-center border-line border-b bg-surface px-6">
          <Skeleton className="h-4 w-40" />
        </div>
      </div>
    </div>
  );
}
