import { Link, useLocation } from '@tanstack/react-router';
import { t, tr } from '../lib/translate.ts';
import { railScreenOf, screensUnder } from './screens.ts';

/** The screens that lie under the one of the rail on which somebody is: one click away from there. */
export function SubScreens() {
  const { pathname } = useLocation();
  const parent = railScreenOf(pathname);
  const under = parent === null ? [] : screensUnder(parent.id);
  if (parent === null || under.length === 0) return null;
  return (
    <nav
      aria-label={t('nav.under', { screen: tr(parent.label) })}
      className="thin-scroll flex shrink-0 gap-1 overflow-x-auto border-line border-b bg-surface px-4 md:px-6"
    >
      {[parent, ...under].map((screen) => (
        <Link
          key={screen.id}
          to={screen.path}
          activeOptions={{ exact: screen === parent }}
          className="inline-flex h-9 shrink-0 items-center gap-2 whitespace-nowrap px-2 font-medium text-ink-2 text-sm hover:text-ink max-md:h-11 [&_svg]:size-4"
          activeProps={{ className: '!text-action shadow-[inset_0_-2px_0_var(--action)]', 'aria-current': 'page' }}
        >
          <screen.icon aria-hidden />
          {tr(screen.label)}
        </Link>
      ))}
    </nav>
  );
}
