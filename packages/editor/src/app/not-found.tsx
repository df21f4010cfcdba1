import { Link } from '@tanstack/react-router';
import { Signpost } from 'lucide-react';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/states.tsx';

/** An address that leads nowhere. */
export function NotFound() {
  return (
    <main className="grid h-full place-items-center">
      <EmptyState
        art={<Signpost aria-hidden className="size-9 text-ink-3" />}
        title={t('not_found.title')}
        text={t('not_found.text')}
      >
        <Button kind="primary" asChild>
          <Link to="/flows">{t('not_found.action')}</Link>
        </Button>
      </EmptyState>
    </main>
  );
}
