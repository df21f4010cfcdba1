import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';

/** The way to Temporal, which may be away when a process starts. */
export type TemporalLink = {
  readonly namespace: string;
  /** Asks Temporal now, or fails. */
  readonly client: () => Client;
  /** The connection that workers need; null while Temporal has not answered yet. */
  readonly native: () => NativeConnection | null;
  /** Resolves once Temporal has answered; never where the link is closed before. */
  readonly reached: Promise<NativeConnection>;
  readonly close: () => Promise<void>;
};

/** A link over a connection that is there. Closing it is its owner's. */
export function linkOver(connection: NativeConnection, namespace: string): TemporalLink {
  const client = new Client({ connection, namespace });
  return {
    namespace,
    client: () => client,
    native: () => connection,
    reached: Promise.resolve(connection),
    close: async () => undefined,
  };
}

const retryMs = 1_000;
/** An address that takes a connection and says nothing would keep texts and receipts waiting with it. */
const patienceMs = 3_000;

/**
 * Connects to Temporal. Where it is away or does not answer soon, resolves all the same: what needs it fails until it answers, and
 * `reached` tells when it does.
 *
 * @param options.patienceMs milliseconds to wait for its first answer.
 */
export async function linkTemporal(options: {
  readonly address: string;
  readonly namespace: string;
  readonly apiKey: string | undefined;
  readonly log: Logger;
  readonly patienceMs?: number;
}): Promise<TemporalLink> {
  const { address, namespace, log } = options;
  const where = { address, ...(options.apiKey === undefined ? {} : { apiKey: options.apiKey, tls: true }) };
  const connecting = NativeConnection.connect(where).catch((error: unknown) => {
    log.warn({ err: error }, 'Temporal does not answer; work begins as soon as it does');
    return null;
  });
  const first = await Promise.race([connecting, delay(options.patienceMs ?? patienceMs, null, { ref: false })]);
  // Workers and client share one connection: a run can then begin in the process that starts it.
  let native = first;
  let closed = false;
  const early = first ?? Connection.lazy(where);
  let client = new Client({ connection: early, namespace });
  const reached = Promise.withResolvers<NativeConnection>();
  const keepTrying = async (): Promise<void> => {
    for (let next = connecting; !closed; next = NativeConnection.connect(where).catch(() => null)) {
      const connection = await next;
      if (connection === null) {
        await delay(retryMs, undefined, { ref: false });
        continue;
      }
      if (closed) {
        await connection.close();
        return;
      }
      native = connection;
      client = new Client({ connection, namespace });
      log.info('Temporal answers');
      reached.resolve(connection);
      return;
    }
  };
  if (first === null) void keepTrying();
  else reached.resolve(first);
  return {
    namespace,
    client: () => client,
    native: () => native,
    reached: reached.promise,
    close: async () => {
      closed = true;
      await early.close();
      if (native !== first) await native?.close();
    },
  };
}
