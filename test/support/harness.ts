import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccountInput } from '@signalbox/demo-carrier/accounts';
import { type Carrier, type CarrierOptions, createCarrier } from '@signalbox/demo-carrier/server';
import { createSecretBox } from '@signalbox/engine/accounts/secret-box';
import { createAccountStore } from '@signalbox/engine/accounts/store';
import { createApi } from '@signalbox/engine/api/app';
import { type Db, inWorkspace, openDb, type WorkspaceTx } from '@signalbox/engine/db/database';
import { createNumberDigests } from '@signalbox/engine/db/number-digests';
import { publishFlow } from '@signalbox/engine/flows/publish';
import type { Mailer } from '@signalbox/engine/http/mailer';
import { createOutgoingClient } from '@signalbox/engine/http/outgoing';
import { createWebhooks, type WebhookHandler } from '@signalbox/engine/inbound/webhooks';
import { type Engine, startEngine } from '@signalbox/engine/main/engine';
import { listen } from '@signalbox/engine/main/http';
import { linkOver } from '@signalbox/engine/main/temporal-link';
import { buildWorkflowBundle } from '@signalbox/engine/main/workflow-bundle';
import { createDiskStore } from '@signalbox/engine/media/disk-store';
import type { Provider } from '@signalbox/engine/providers/provider';
import { twilio } from '@signalbox/engine/providers/twilio';
import type { SenderRow } from '@signalbox/engine/routing/choose-sender';
import { type Clock, systemClock } from '@signalbox/engine/runtime/clock';
import { type FailPoints, noFailPoints } from '@signalbox/engine/runtime/fail-points';
import { createIds } from '@signalbox/engine/runtime/ids';
import { type DispatchSettings, defaultDispatchSettings } from '@signalbox/engine/sending/dispatch-settings';
import type { AnyNode } from '@signalbox/nodes/define/define-node';
import type { FlowGraph } from '@signalbox/nodes/flow/graph';
import { catalogue } from '@signalbox/nodes/library/catalogue.gen';
import { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { type Logger, pino } from 'pino';
import { inject } from 'vitest';
import { cloneDatabase, dropDatabase, withRole } from './cluster.ts';
import { engineEnv } from './engine-process.ts';
import { anyHour, anywhere, setRules } from './gate-rules.ts';
import { testPasswords } from './global-setup.ts';
import { registerNamespace } from './namespace.ts';
import { secretsKey } from './secrets-key.ts';

export const businessNumber = '+12025550100';

/** A phone of the fictional range, by index. */
export function phone(index: number): string {
  return `+1202555${String(1_000 + index).padStart(4, '0')}`;
}

export type HarnessOptions = {
  readonly carrier?: CarrierOptions;
  readonly optOut?: 'carrier' | 'signalbox';
  readonly dispatch?: Partial<DispatchSettings>;
  readonly clock?: Clock;
  readonly failPoints?: FailPoints;
  readonly work?: boolean;
  /** Servers in front of the API whose word on addresses is taken. */
  readonly trustedProxies?: number;
  /** What mails are handed to; none go out without. */
  readonly mailer?: Mailer;
  /** Where the engine logs to; silent unless TEST_LOG says otherwise. */
  readonly log?: Logger;
  /** Stands between the engine and its provider. */
  readonly provider?: (provider: Provider) => Provider;
  /** Providers beside that of the harness's account. */
  readonly moreProviders?: readonly Provider[];
  /** Fills an empty database instead of taking a copy of the template, and says what is in it. */
  readonly database?: (ownerUrl: string) => Promise<{ readonly workspaceId: string; readonly accountId: string }>;
  /** Changes the database before anything uses it. */
  readonly prepare?: (ownerUrl: string) => Promise<void>;
  /** Sees Temporal before the engine does. */
  readonly beforeStart?: (client: Client) => Promise<void>;
  /** Another library than the catalogue. */
  readonly nodes?: readonly AnyNode[];
  /** Files of flows in code to be bundled instead of those of the tests. */
  readonly workflows?: readonly string[];
  /** Another Temporal than the cluster's, with a namespace that exists there. */
  readonly temporal?: { readonly address: string; readonly namespace: string };
  /** `as_new`: the gate's rules as a new workspace has them. Without, none asks what time it is or where somebody lives. */
  readonly rules?: 'as_new';
  /** Mounts the whole API, in demo mode or not; without, webhooks alone are served. */
  readonly api?: 'plain' | 'demo';
};

/** A whole engine over a database of its own, a Temporal namespace's queues, and a carrier over HTTP. */
export type Harness = {
  readonly engine: Engine;
  readonly db: Db;
  readonly carrier: Carrier;
  /** The account as the carrier knows it, whose webhooks come to the harness. */
  readonly carrierAccount: AccountInput;
  readonly workspaceId: string;
  readonly accountId: string;
  /** What messages go out from. */
  readonly sender: SenderRow;
  readonly url: string;
  readonly ownerUrl: string;
  /** Null where the option `api` is not set. */
  readonly api: ReturnType<typeof createApi> | null;
  readonly inTx: <T>(work: (tx: WorkspaceTx) => Promise<T>) => Promise<T>;
  readonly publish: (name: string, graph: FlowGraph) => Promise<{ flowId: string; versionId: string }>;
  readonly addContacts: (count: number, from?: number) => Promise<string[]>;
  /** Environment of an engine process over the same parts, with short leases. */
  readonly processEnv: (dataFolder: string) => Record<string, string>;
  readonly close: () => Promise<void>;
};

const accountSid = `AC${'0'.repeat(32)}`;
const authToken = 'a-token-of-the-test-account';

let installed = false;

/** The SDK's own log is noise in a test; failures show in ours (TEST_LOG). */
export function quietTemporal(): void {
  if (installed) return;
  installed = true;
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' } } },
  });
}

/** Starts one; `close` gives everything back. */
export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  quietTemporal();
  const cluster = inject('cluster');
  const name = `t_${randomBytes(8).toString('hex')}`;
  const ownerUrl = await cloneDatabase(cluster, name, options.database === undefined ? undefined : 'template0');
  const filled = await options.database?.(ownerUrl);
  await options.prepare?.(ownerUrl);
  const mediaFolder = mkdtempSync(join(tmpdir(), 'signalbox-media-'));
  const clock = options.clock ?? systemClock;
  const nodes = new Map((options.nodes ?? catalogue).map((node) => [node.type, node]));
  const ids = createIds(() => clock.now().getTime());
  const log = options.log ?? pino({ level: process.env['TEST_LOG'] ?? 'silent' });
  const db = openDb({
    appUrl: withRole(ownerUrl, 'signalbox_app', testPasswords.app),
    routerUrl: withRole(ownerUrl, 'signalbox_router', testPasswords.router),
  });
  const workspaceId = filled?.workspaceId ?? ids.uuid();
  const accountId = filled?.accountId ?? ids.uuid();
  const box = createSecretBox(secretsKey);
  const providers = new Map(
    [options.provider?.(twilio) ?? twilio, ...(options.moreProviders ?? [])].map((each) => [each.type, each]),
  );
  const http = createOutgoingClient();
  const accounts = createAccountStore({ db, box, providers, http });
  const webhookHttp = createOutgoingClient();
  const temporal = options.temporal ?? { address: cluster.temporalAddress, namespace: name };
  const { namespace } = temporal;
  const connection = await NativeConnection.connect({ address: temporal.address });
  if (options.temporal === undefined) await registerNamespace(connection, namespace);

  const carrier = createCarrier({ seed: 1, ...options.carrier });
  const carrierUrl = await carrier.listen(0);
  const app: {
    fetch: (request: Request, bindings: { readonly incoming?: IncomingMessage }) => Response | Promise<Response>;
  } = {
    fetch: () => new Response(null, { status: 503 }),
  };
  let webhooks: WebhookHandler = () => false;
  const server = await listen(
    (request, bindings) => app.fetch(request, bindings),
    { host: '127.0.0.1', port: 0 },
    { first: (request, response) => webhooks(request, response), graceMs: 100 },
  );
  const url = `http://127.0.0.1:${server.port}`;

  await inWorkspace(db, workspaceId, async (tx) => {
    const now = clock.now();
    if (filled !== undefined) {
      await tx.updateTable('accounts').set({ base_url: carrierUrl }).where('id', '=', accountId).execute();
      await setRules({ tx, workspaceId, now }, anyHour);
      return;
    }
    await tx.insertInto('workspaces').values({ workspace_id: workspaceId, name: 'Test', created_at: now }).execute();
    if (options.rules !== 'as_new') await setRules({ tx, workspaceId, now }, anywhere);
    await tx
      .insertInto('accounts')
      .values({
        workspace_id: workspaceId,
        id: accountId,
        provider: 'twilio',
        name: 'Test account',
        external_id: accountSid,
        base_url: carrierUrl,
        secret: box.seal(workspaceId, accountId, authToken),
        opt_out_handling: options.optOut ?? 'signalbox',
        brand: 'Test',
        created_at: now,
      })
      .execute();
    await tx
      .insertInto('senders')
      .values({
        workspace_id: workspaceId,
        id: ids.uuid(),
        account_id: accountId,
        address: businessNumber,
        kind: 'long_code',
        created_at: now,
      })
      .execute();
  });
  const carrierAccount: AccountInput = {
    sid: accountSid,
    auth_token: authToken,
    opt_out: options.optOut === 'carrier' ? 'carrier' : 'customer',
    numbers: [{ number: businessNumber, sms_url: `${url}/webhooks/twilio/${accountId}/sms` }],
  };
  carrier.setAccount(carrierAccount);

  await options.beforeStart?.(new Client({ connection, namespace }));
  const engine = await startEngine({
    db,
    temporal: linkOver(connection, namespace),
    nodes,
    accounts,
    clock,
    ids,
    digests: createNumberDigests(box),
    log,
    failPoints: options.failPoints ?? noFailPoints,
    dispatch: { ...defaultDispatchSettings, ...options.dispatch },
    mailer: options.mailer ?? null,
    files: createDiskStore(mediaFolder),
    webhooks: { box, http: webhookHttp, random: () => 0.5 },
    publicUrl: url,
    work: options.work ?? true,
    startsPerSecond: 100,
    listenUrl: null,
    workflowBundle:
      options.workflows === undefined
        ? { code: readFileSync(inject('workflowBundle'), 'utf8') }
        : await buildWorkflowBundle(options.workflows),
    sweepEveryMs: 200,
  });
  webhooks = createWebhooks(engine);
  const api =
    options.api === undefined
      ? null
      : createApi({
          engine,
          box,
          providers,
          webhooksAnywhere: true,
          demo: options.api === 'demo' ? { carrierUrl, seedKey: 'seed' } : null,
          editorFolder: null,
          metrics: null,
          trustedProxies: options.trustedProxies ?? 0,
        });
  if (api !== null) app.fetch = (request, bindings) => api.app.fetch(request, bindings);

  const inTx: Harness['inTx'] = (work) => inWorkspace(db, workspaceId, work);
  return {
    engine,
    db,
    carrier,
    carrierAccount,
    workspaceId,
    accountId,
    sender: { accountId, address: businessNumber },
    url,
    ownerUrl,
    api,
    inTx,
    publish: (flowName, graph) =>
      inTx(async (tx) => {
        const flowId = ids.uuid();
        const now = clock.now();
        await tx
          .insertInto('flows')
          .values({
            workspace_id: workspaceId,
            id: flowId,
            name: flowName,
            kind: 'drawn',
            state: 'draft',
            graph: JSON.stringify(graph),
            created_at: now,
            updated_at: now,
          })
          .execute();
        const published = await publishFlow({ ids, nodes }, { tx, workspaceId, now }, flowId);
        if (published.kind === 'problems') throw new Error(JSON.stringify(published.problems));
        return { flowId, versionId: published.versionId };
      }),
    addContacts: (count, from = 0) =>
      inTx(async (tx) => {
        const now = clock.now();
        const rows = Array.from({ length: count }, (_, index) => ({
          workspace_id: workspaceId,
          id: ids.uuid(),
          phone: `+1${2_025_560_000 + from + index}`,
          first_name: `Person ${from + index}`,
          created_at: now,
          updated_at: now,
        }));
        for (let start = 0; start < rows.length; start += 1_000) {
          const part = rows.slice(start, start + 1_000);
          await tx.insertInto('contacts').values(part).execute();
          await tx
            .insertInto('numbers')
            .values(part.map((row) => ({ workspace_id: workspaceId, number: row.phone })))
            .execute();
        }
        return rows.map((row) => row.id);
      }),
    processEnv: (dataFolder) => ({
      ...engineEnv({ ownerUrl, temporal, dataFolder, url }),
      ROLES: 'worker',
      LOG_LEVEL: 'fatal',
      DISPATCH_CONCURRENCY: '24',
      DISPATCH_CLAIM_SIZE: '8',
      DISPATCH_LEASE_MS: '4000',
      DISPATCH_HTTP_TIMEOUT_MS: '2000',
      DISPATCH_MARGIN_MS: '200',
      UNKNOWN_LOOKUP_EVERY_MS: '500',
      UNKNOWN_DEADLINE_MS: '10000',
      UNKNOWN_LINE_MS: '1000',
    }),
    close: async () => {
      api?.close();
      await engine.stop();
      await carrier.close();
      await server.close();
      await http.close();
      await webhookHttp.close();
      await connection.close();
      await db.close();
      await dropDatabase(cluster, name);
      await rm(mediaFolder, { recursive: true, force: true });
    },
  };
}

/** Waits until `check` gives something other than null, undefined or false. @throws Error with `what` after `timeoutMs`. */
export async function until<T>(what: string, check: () => T | Promise<T>, timeoutMs = 20_000): Promise<NonNullable<T>> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await check();
    if (value !== null && value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error(`Waited ${timeoutMs} ms for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
