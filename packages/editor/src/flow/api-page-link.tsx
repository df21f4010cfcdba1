import { ExternalLink } from 'lucide-react';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';

/** Leads to where the API page says how an account is added. */
export function ApiPageLink() {
  return (
    <Button size="sm" asChild>
      <a href="/api/docs#post--api-v1-accounts" target="_blank" rel="noreferrer">
        {t('no_sender.action')}
        <ExternalLink aria-hidden />
      </a>
    </Button>
  );
}
