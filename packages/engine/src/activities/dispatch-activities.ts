import { Context } from '@temporalio/activity';
import type { DispatchDeps } from '../sending/dispatch-settings.ts';
import { type Dispatcher, startDispatcher } from '../sending/dispatcher.ts';
import { takeShard } from '../sending/shards.ts';

export type DispatchActivities = {
  /** Dispatches until cancelled, shut down or fenced. @returns why it ended. */
  readonly dispatch: (shard: number) => Promise<string>;
};

/** The dispatchers of this process. */
export type LocalDispatchers = {
  readonly activities: DispatchActivities;
  /** Tells them that there is something to send. */
  readonly nudge: () => void;
  /** Requests to providers that are not answered yet. */
  readonly inFlight: () => number;
};

/** The dispatcher as a long-running, heartbeating activity. */
export function createDispatchActivities(deps: DispatchDeps): LocalDispatchers {
  const running = new Set<Dispatcher>();
  return {
    nudge: () => {
      for (const dispatcher of running) dispatcher.nudge();
    },
    inFlight: () => [...running].reduce((sum, dispatcher) => sum + dispatcher.inFlight(), 0),
    activities: {
      async dispatch(shard) {
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
