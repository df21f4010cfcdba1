import type { FaultInput } from '@signalbox/demo-carrier/faults';
import type { Carrier } from '@signalbox/demo-carrier/server';
import type { ErrorClass } from '@signalbox/engine/providers/provider';
import type { Wire } from './wire.ts';

/** How the carrier words a refusal. */
type Refusal = Pick<FaultInput, 'reason' | 'code' | 'status'>;

/** Every way in which the carrier leaves a send in doubt, whatever the provider's API. */
export function carrierDoubts(carrier: Carrier): Wire['doubts'] {
  const doubt = (kind: FaultInput['kind']): Wire['doubts'][number] => ({
    name: kind,
    arrange: () => void carrier.addFault({ kind, count: 1, ms: 1_500 }),
  });
  return [
    doubt('accept_then_reset'),
    doubt('accept_then_500'),
    doubt('accept_then_timeout'),
    doubt('accept_then_drip'),
    doubt('accept_then_garbage'),
    doubt('drop'),
    doubt('hang'),
  ];
}

/** A refusal of the next send that proves nothing, by how it is worded. */
export function carrierDoubt(carrier: Carrier, name: string, refusal: Refusal): Wire['doubts'][number] {
  return { name, arrange: () => void carrier.addFault({ kind: 'refuse', count: 1, ...refusal }) };
}

/** A refusal of the next send that comes to a class; without other words it is for the reason of that name. */
export function carrierRefusal(
  carrier: Carrier,
  errorClass: ErrorClass,
  refusal: Refusal = {},
): Wire['refusals'][number] {
  return {
    errorClass,
    arrange: () => void carrier.addFault({ kind: 'refuse', count: 1, reason: errorClass, ...refusal }),
  };
}

/** Refusals of the next send, each for the reason of its class's name. */
export function carrierRefusals(
  carrier: Carrier,
  ...[first, ...rest]: readonly [ErrorClass, ...ErrorClass[]]
): Wire['refusals'] {
  const refusal = (errorClass: ErrorClass) => carrierRefusal(carrier, errorClass);
  return [refusal(first), ...rest.map(refusal)];
}
