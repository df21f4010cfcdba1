import { Link } from '@tanstack/react-router';
import { CircleHelp, Command as CommandIcon, LogOut, Monitor, Moon, Settings2, Sun } from 'lucide-react';
import { signOut, useSession } from '../lib/session.ts';
import { setTheme, type Theme, useTheme } from '../lib/theme.ts';
import { t, tr } from '../lib/translate.ts';
import { Mark } from '../ui/mark.tsx';
import { Menu, MenuChoices, MenuItem, MenuLine } from '../ui/menu.tsx';
import { railScreens } from './screens.ts';

/** On narrow screens there is room for the name of the one that is open. */
const labelLook = 'max-md:sr-only max-md:group-data-[status=active]:not-sr-only';

const itemLook =
  'group flex flex-col items-center justify-center gap-1 rounded-md text-[11px] font-medium leading-none tracking-[-0.01em] text-ink-3 transition-colors duration-120 hover:bg-hover hover:text-ink max-md:h-13 max-md:min-w-11 max-md:flex-auto md:h-14 md:w-full [&_svg]:size-[18px]';

const isTheme = (value: string): value is Theme => value === 'light' || value === 'dark' || value === 'system';

/** The way around: only screens that exist. At the bottom on narrow screens. */
export function Rail({ onShortcuts, onPalette }: { readonly onShortcuts: () => void; readonly onPalette: () => void }) {
  const session = useSession();
  const theme = useTheme();
  return (
    <nav
      aria-label={t('nav.label')}
      className="z-20 flex shrink-0 border-line bg-surface max-md:border-t max-md:px-1 max-md:pb-[env(safe-area-inset-bottom)] md:w-24 md:flex-col md:items-center md:border-r md:px-1.5 md:py-3"
    >
      <Link to="/flows" aria-label={t('nav.home')} className="mb-3 rounded-[10px] max-md:hidden">
        <Mark />
      </Link>
      {railScreens.map((screen) => (
        <Link
          key={screen.id}
          to={screen.path}
          className={itemLook}
          activeProps={{ className: '!text-action bg-action-soft', 'aria-current': 'page' }}
        >
          <screen.icon aria-hidden strokeWidth={1.9} />
          <span className={labelLook}>{tr(screen.label)}</span>
        </Link>
      ))}
      <div className="flex-1 max-md:hidden" />
      <Menu
        align="start"
        trigger={
          <button type="button" className={itemLook}>
            <Settings2 aria-hidden strokeWidth={1.9} />
            {t('nav.more')}
          </button>
        }
      >
        <div className="px-2 pt-1.5 pb-2">
          <p className="font-medium">{session?.workspace.name ?? ''}</p>
          <p className="text-ink-3 text-xs">{session?.workspace.time_zone ?? ''}</p>
        </div>
        <MenuLine />
        <MenuChoices
          value={theme}
          onChange={(value) => isTheme(value) && setTheme(value)}
          choices={[
            { value: 'light', label: t('theme.light'), icon: Sun },
            { value: 'dark', label: t('theme.dark'), icon: Moon },
            { value: 'system', label: t('theme.system'), icon: Monitor },
          ]}
        />
        <MenuLine />
        <MenuItem icon={CommandIcon} keys="$mod+KeyK" onSelect={onPalette}>
          {t('commands.palette')}
        </MenuItem>
        <MenuItem icon={CircleHelp} keys="Shift+?" onSelect={onShortcuts}>
          {t('commands.shortcuts')}
        </MenuItem>
        <MenuLine />
        <MenuItem icon={LogOut} onSelect={() => void signOut()}>
          {t('session.sign_out')}
        </MenuItem>
      </Menu>
    </nav>
  );
}
