import type { Ports, Purpose } from '@signalbox/nodes/define/ports';
import { consentStates, noProof, recordConsent } from '../../consent/store.ts';
import { createBatchLoader } from '../../runtime/batch-loader.ts';
import type { CohortRow } from '../cohort-rows.ts';
import { defineEffect } from './define-effect.ts';

type Grant = { readonly row: CohortRow; readonly purpose: Purpose; readonly wording: string };

/** Reads the consent ledger's projection, and appends grants to the ledger. */
export const consent = defineEffect<Ports['consent']>(({ tx, workspaceId, now, flowId, ids }) => {
  const states = createBatchLoader((keys: ReadonlyArray<{ contactId: string; purpose: Purpose }>) =>
    consentStates({ tx, workspaceId }, keys),
  );
  const collected = new Map<string, Grant[]>();
  return {
    bind: (row) => ({
      state: (purpose) => states.load({ contactId: row.contact.id, purpose }),
      record: ({ purpose, wording }) => {
        const grants = collected.get(row.id) ?? [];
        grants.push({ row, purpose, wording });
        collected.set(row.id, grants);
      },
    }),
    reads: [states],
    write: (enrollments) =>
      recordConsent(
        { tx, workspaceId, now },
        [...collected]
          .filter(([id]) => enrollments.has(id))
          .flatMap(([, grants]) => grants)
          .map(({ row, purpose, wording }) => ({
            id: ids.uuid(),
            contactId: row.contact.id,
            purpose,
            action: 'granted',
            method: 'flow',
            wording,
            sourceMessageId: row.event?.type === 'message.received' ? row.event.id : null,
            flowId,
            enrollmentId: row.id,
            hop: row.hop,
            proof: noProof,
          })),
      ),
    discard: (enrollmentId) => {
      collected.delete(enrollmentId);
    },
  };
});
