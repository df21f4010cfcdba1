import type { FlowSummary } from '@signalbox/engine/flows/contract';
import { useMutation } from '@tanstack/react-query';
import { ArchiveRestore } from 'lucide-react';
import { restoreFlow } from '../lib/restore-flow.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Time } from '../ui/time.tsx';
import { FlowFigure, FlowIcon, FlowTitle } from './flow-row.tsx';

/** One archived flow, with the way back. It cannot be opened until it is restored. */
export function ArchivedRow({ flow }: { readonly flow: FlowSummary }) {
  const restore = useMutation({ mutationFn: () => restoreFlow(flow) });
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 md:group-data-[density=compact]/list:py-1.5">
      <FlowIcon flow={flow} />
      <FlowTitle flow={flow}>
        <span dir="auto" className="truncate font-semibold text-ink-2">
          {flow.name}
        </span>
      </FlowTitle>
      <dl className="num flex w-24 justify-end text-right max-md:w-auto max-md:pl-13">
        <FlowFigure term={t('flows.entered')} value={flow.people.entered} />
      </dl>
      {flow.archived_at === undefined ? null : (
        <span className="w-32 text-right text-ink-3 text-sm max-md:w-auto max-md:flex-1">
          <span className="md:sr-only">{t('flows.archived_at')} </span>
          <Time at={flow.archived_at} />
        </span>
      )}
      <Button
        size="sm"
        className="max-md:ml-13 md:w-32"
        aria-label={t('flows.restore_what', { flow: flow.name })}
        disabled={restore.isPending}
        onClick={() => restore.mutate()}
      >
        <ArchiveRestore aria-hidden />
        {t('flows.restore')}
      </Button>
    </li>
  );
}
