import type { Exemption, Verdict } from '@signalbox/nodes/gate/define-rule';
import { askGate } from '@signalbox/nodes/gate/gate';
import type { Work } from '../db/work.ts';
import { type GateKey, readFacts } from './facts.ts';

/**
 * Asks the gate about messages that are about to be queued; the claim asks again.
 *
 * @param exemption for which of the named reasons some rules do not mind them; null where there is none.
 * @returns what it says of each, in order.
 */
export async function askBeforeQueueing(
  work: Work,
  keys: readonly GateKey[],
  exemption: Exemption | null,
): Promise<Verdict[]> {
  const facts = await readFacts(work, keys);
  return facts.map((each) => askGate(each, exemption));
}
