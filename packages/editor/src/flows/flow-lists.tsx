import type { FlowSummary } from '@signalbox/engine/flows/contract';
import { t } from '../lib/translate.ts';
import { ListCard } from '../ui/list-card.tsx';
import { ArchivedRow } from './archived-row.tsx';
import { FlowRow } from './flow-row.tsx';

type ListProps = { readonly flows: readonly FlowSummary[] };

/** The flows in use. */
export function FlowList({ flows }: ListProps) {
  return (
    <ListCard
      label={t('nav.flows')}
      heads={
        <>
          <FlowHead />
          <span className="w-36">{t('flows.state_filter')}</span>
          <span className="w-40 text-right">{t('flows.head.people')}</span>
          <span className="w-28 text-right max-lg:hidden">{t('list.head.changed')}</span>
        </>
      }
    >
      {flows.map((flow) => (
        <FlowRow key={flow.id} flow={flow} />
      ))}
    </ListCard>
  );
}

/** The flows that were put away. */
export function ArchivedList({ flows }: ListProps) {
  return (
    <ListCard
      label={t('flows.archived')}
      heads={
        <>
          <FlowHead />
          <span className="w-24 text-right">{t('flows.head.people')}</span>
          <span className="w-32 text-right">{t('flows.archived')}</span>
          <span className="w-32" />
        </>
      }
    >
      {flows.map((flow) => (
        <ArchivedRow key={flow.id} flow={flow} />
      ))}
    </ListCard>
  );
}

function FlowHead() {
  return <span className="flex-1 basis-52 pl-13 group-data-[density=compact]/list:pl-11">{t('flows.head.flow')}</span>;
}
