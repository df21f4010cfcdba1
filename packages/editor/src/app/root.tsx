import { Outlet } from '@tanstack/react-router';
import { Toaster } from 'sonner';
import { useTheme } from '../lib/theme.ts';
import { t } from '../lib/translate.ts';
import { HintProvider } from '../ui/tooltip.tsx';

/** What every screen shares, signed in or not. */
export function Root() {
  const theme = useTheme();
  return (
    <HintProvider>
      <Outlet />
      <Toaster
        theme={theme}
        customAriaLabel={t('notifications')}
        position="bottom-center"
        toastOptions={{
          classNames: {
            toast: '!rounded-lg !border-line !bg-raised !text-ink !shadow-float !font-sans',
            description: '!text-ink-2',
            actionButton: '!bg-action !text-action-ink',
          },
        }}
      />
    </HintProvider>
  );
}
