import { sql } from 'kysely';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { statements } from '../db/connection.ts';
import type { Db } from '../db/database.ts';
import { runState } from '../db/states.ts';
import type { ObservedRequest } from '../http/request-log.ts';

const queueStates: Readonly<Record<number, string>> = { 1: 'queued', 2: 'dispatching', 3: 'unknown' };
const runStates: Readonly<Record<number, string>> = { 1: 'unstarted', 2: 'running' };

export type Metrics = {
  /** All of them, in the format of Prometheus. */
  readonly text: () => Promise<string>;
  readonly observe: (request: ObservedRequest) => void;
};

/** What Prometheus reads. Rows are counted when it asks, never on a clock. */
export function createMetrics(
  db: Db,
  read: { readonly runsStarted: () => number; readonly startsWaiting: () => number; readonly streams: () => number },
): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const requests = new Histogram({
    name: 'signalbox_http_request_seconds',
    help: 'Answered requests by route.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  });
  new Counter({
    name: 'signalbox_sql_statements_total',
    help: 'Statements sent to PostgreSQL by this process.',
    registers,
    collect() {
      this.reset();
      this.inc(statements.count);
    },
  });
  new Gauge({
    name: 'signalbox_messages_in_queue',
    help: 'Messages that wait, are being sent, or whose outcome is unknown.',
    labelNames: ['state'],
    registers,
    async collect() {
      const rows = await sql<{
        state: number;
        n: number;
      }>`SELECT state, count(*)::int AS n FROM message_queue GROUP BY state`.execute(db.router);
      for (const [state, label] of Object.entries(queueStates))
        this.set({ state: label }, rows.rows.find((row) => row.state === Number(state))?.n ?? 0);
    },
  });
  new Gauge({
    name: 'signalbox_runs_open',
    help: 'Runs not closed.',
    labelNames: ['state'],
    registers,
    async collect() {
      const rows = await sql<{
        state: number;
        n: number;
      }>`SELECT state, count(*)::int AS n FROM runs WHERE state = ${sql.lit(runState.unstarted)} OR state = ${sql.lit(runState.started)} GROUP BY state`.execute(
        db.router,
      );
      for (const [state, label] of Object.entries(runStates))
        this.set({ state: label }, rows.rows.find((row) => row.state === Number(state))?.n ?? 0);
    },
  });
  new Counter({
    name: 'signalbox_runs_started_total',
    help: 'Workflows started by this process.',
    registers,
    collect() {
      this.reset();
      this.inc(read.runsStarted());
    },
  });
  new Gauge({
    name: 'signalbox_run_starts_waiting',
    help: 'Runs of this process waiting for the budget of starts.',
    registers,
    collect() {
      this.set(read.startsWaiting());
    },
  });
  new Gauge({
    name: 'signalbox_streams_open',
    help: 'Browsers that follow changes at this process.',
    registers,
    collect() {
      this.set(read.streams());
    },
  });

  return {
    text: () => registry.metrics(),
    observe: ({ method, route, status, ms }) => requests.observe({ method, route, status: String(status) }, ms / 1_000),
  };
}
