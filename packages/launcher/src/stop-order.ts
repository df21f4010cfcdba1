import { engineStopMs } from '@signalbox/engine/main/launcher-protocol';
import type { ChildRecord } from './child-process.ts';
import { type EndStep, endPolitely, endProcess, processIdentity } from './process-identity.ts';

/** Whoever uses a server ends before it. */
const order: readonly string[] = ['editor build', 'postgres setup', 'engine', 'demo carrier', 'temporal', 'postgres'];

/** How a child of that name is ended, and how long each signal may take. */
export function stopSteps(name: string): readonly EndStep[] {
  if (name === 'engine') {
    return [
      { signal: 'SIGTERM', waitMs: engineStopMs },
      { signal: 'SIGKILL', waitMs: 2_000 },
    ];
  }
  if (name === 'postgres') {
    // SIGINT is the fast shutdown; SIGTERM would wait for its clients to leave.
    return [
      { signal: 'SIGINT', waitMs: 20_000 },
      { signal: 'SIGQUIT', waitMs: 5_000 },
      { signal: 'SIGKILL', waitMs: 2_000 },
    ];
  }
  if (name === 'temporal') {
    return [
      { signal: 'SIGTERM', waitMs: 10_000 },
      { signal: 'SIGKILL', waitMs: 2_000 },
    ];
  }
  return endPolitely;
}

/** Those that still are the very processes written down, in the order in which they are to end. */
export function livingInStopOrder(children: readonly ChildRecord[]): ChildRecord[] {
  const rank = (name: string): number => order.indexOf(name);
  return children
    .filter((child) => processIdentity(child.pid) === child.identity)
    .toSorted((a, b) => rank(a.name) - rank(b.name));
}

/** Ends children one after another; false when one would not end. */
export async function endInOrder(
  children: readonly ChildRecord[],
  onEnd: (child: ChildRecord) => void = () => undefined,
): Promise<boolean> {
  let all = true;
  for (const child of livingInStopOrder(children)) {
    const ended = await endProcess(child.pid, child.identity, stopSteps(child.name));
    if (ended) onEnd(child);
    else all = false;
  }
  return all;
}
