import type { MessageDetail } from '@signalbox/engine/inbox/contract';
import { MousePointerClick } from 'lucide-react';
import { formatExact } from '../lib/format.ts';
import { t } from '../lib/translate.ts';
import { useNow } from '../lib/use-now.ts';
import { Section } from '../ui/section.tsx';
import { Signal } from '../ui/signal.tsx';

/** The short links of a message: where they lead, and whether the person followed them. */
export function MessageLinks({ links }: Pick<MessageDetail, 'links'>) {
  const now = useNow();
  if (links.length === 0) return null;
  return (
    <Section title={t('message.links')} text={t('message.links.text')}>
      <ul className="divide-y divide-line">
        {links.map(({ url, target, clicks, last_clicked_at, expires_at }) => (
          <li key={url} className="flex flex-wrap items-baseline gap-x-4 gap-y-1 py-2.5 text-sm first:pt-0 last:pb-0">
            <div className="min-w-0 flex-1 basis-60">
              <bdi className="block break-all font-medium">{target}</bdi>
              <bdi className="block break-all text-ink-2">{url}</bdi>
            </div>
            <div className="flex flex-col items-end gap-0.5 max-md:items-start">
              <Signal tone={clicks > 0 ? 'live' : 'calm'} icon={MousePointerClick}>
                {clicks > 0 ? t('message.links.clicks', { n: clicks }) : t('message.links.none')}
              </Signal>
              {last_clicked_at === null ? null : (
                <span className="text-ink-2">{t('message.links.last', { time: formatExact(last_clicked_at) })}</span>
              )}
              {Date.parse(expires_at) > now ? null : (
                <span className="text-ink-2">{t('message.links.expired', { time: formatExact(expires_at) })}</span>
              )}
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}
