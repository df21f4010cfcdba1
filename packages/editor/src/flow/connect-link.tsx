import { Link } from '@tanstack/react-router';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';

/** Leads to where a provider is connected. */
export function ConnectLink() {
  return (
    <Button size="sm" asChild>
      <Link to="/settings/providers">{t('no_sender.action')}</Link>
    </Button>
  );
}
