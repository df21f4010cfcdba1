import type { TemplateEntry } from '@signalbox/engine/templates/contract';
import { Archive, CircleCheck, CircleDashed, PencilLine } from 'lucide-react';
import { t } from '../lib/translate.ts';
import { Signal } from '../ui/signal.tsx';

/** Which version people get, and whether something is written that is in none yet. */
export function VersionSignal({
  template: { newest, changed, archived },
}: {
  readonly template: Pick<TemplateEntry, 'newest' | 'changed' | 'archived'>;
}) {
  if (archived)
    return (
      <Signal tone="calm" icon={Archive}>
        {t('templates.archived')}
      </Signal>
    );
  if (newest === null)
    return (
      <Signal tone="calm" icon={CircleDashed}>
        {t('template.unpublished')}
      </Signal>
    );
  return changed ? (
    <Signal tone="wait" icon={PencilLine}>
      {t('templates.version_changed', { n: newest })}
    </Signal>
  ) : (
    <Signal tone="live" icon={CircleCheck}>
      {t('template.version_n', { n: newest })}
    </Signal>
  );
}
