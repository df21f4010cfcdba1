import { Context } from '@temporalio/activity';
import type { DispatchDeps } from '../sending/dispatch-settings.ts';
import { type Dispatcher, startDispatcher } from '../sending/dispatcher.ts';
import { takeShard } from '../sending/shards.ts';

export type DispatchActivities = ReturnType<typeof createDispatchActivities>['activities'];

/** The dispatcher as a long-running, heartbeating activity. `nudge` reaches the one running in this process. */
export function createDispatchActivities(deps: DispatchDeps) {
  const running = new Set<Dispatcher>();
  return {
    nudge: (): void => {
      for (const dispatcher of running) dispatcher.nudge();
    },
    inFlight: (): number => [...running].reduce((sum, dispatcher) => sum + dispatcher.inFlight(), 0),
    activities: {
      /** Dispatches until cancelled, shut down or fenced. */
      async dispatch(shard: number): Promise<string> {
        const context = Context.current();
        const epoch = await takeShard(deps.db, shard, deps.clock.now());
        const dispatcher = startDispatcher(deps, shard, epoch);
        running.add(dispatcher);
        const heartbeat = setInterval(() => context.heartbeat(), 1_000);
        const stop = (): void => void dispatcher.stop();
        context.cancellationSignal.addEventListener('abort', stop);
        try {
          return await dispatcher.ended;
        } finally {
          clearInterval(heartbeat);
          context.cancellationSignal.removeEventListener('abort', stop);
          running.delete(dispatcher);
        }
      },
    },
  };
}
