import { z } from 'zod';
import { isLoopback } from '../runtime/loopback.ts';
import { type DispatchSettings, defaultDispatchSettings } from '../sending/dispatch-settings.ts';

const setting = <S extends z.ZodType>(schema: S, description: string): S => schema.meta({ description, secret: false });
const secret = <S extends z.ZodType>(schema: S, description: string): S => schema.meta({ description, secret: true });

const postgresUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\/\S+$/, 'must be an address such as postgres://user:password@host:5432/database');
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an address such as https://signalbox.example.com' });
const port = z.coerce.number().int().min(1).max(65_535);
const milliseconds = (preset: number) => z.coerce.number().int().min(1).max(86_400_000).default(preset);
const count = (preset: number) => z.coerce.number().int().min(1).max(10_000).default(preset);
const key32 = z.base64().refine((text) => Buffer.from(text, 'base64').length === 32, 'must be 32 bytes in base64');

/** Several of them, with commas between. */
const keyList = z.string().transform((text, { issues, value }) => {
  const keys = text.split(',').map((key) => key.trim());
  const wrong = keys.some((key) => !key32.safeParse(key).success);
  if (wrong) issues.push({ code: 'custom', input: value, message: 'must each be 32 bytes in base64' });
  return keys;
});

/** Every setting: environment name, default, whether it is secret, and what it is for. */
export const settingsSchema = z.object({
  DATABASE_URL: secret(postgresUrl, 'PostgreSQL as the application role, under row-level security.'),
  DATABASE_ROUTER_URL: secret(postgresUrl, 'PostgreSQL as the role that finds which workspace a request belongs to.'),
  DATABASE_OWNER_URL: secret(
    postgresUrl.optional(),
    'PostgreSQL as the owner. When set, this process brings the schema up to date at its start.',
  ),
  APP_DB_PASSWORD: secret(
    z.string().min(1).optional(),
    'Password to give the application role when migrating; the one in DATABASE_URL unless set.',
  ),
  ROUTER_DB_PASSWORD: secret(
    z.string().min(1).optional(),
    'Password to give the router role when migrating; the one in DATABASE_ROUTER_URL unless set.',
  ),
  SECRETS_KEY: secret(
    key32,
    '32 bytes in base64; encrypts the credentials of accounts at providers and the secrets of webhooks.',
  ),
  SECRETS_KEYS_ALSO: secret(
    keyList.default([]),
    'Further such keys, with commas between: what they encrypted can be read too. For changing SECRETS_KEY while everything runs.',
  ),
  TEMPORAL_ADDRESS: setting(z.string().min(3).default('127.0.0.1:7233'), 'Host and port of the Temporal server.'),
  TEMPORAL_NAMESPACE: setting(z.string().min(1).default('default'), 'Temporal namespace.'),
  TEMPORAL_API_KEY: secret(z.string().min(1).optional(), 'API key of Temporal Cloud; turns TLS on.'),
  HOST: setting(z.string().min(1).default('127.0.0.1'), 'Address to listen on.'),
  PORT: setting(port.default(4600), 'Port to listen on.'),
  PUBLIC_URL: setting(
    httpUrl.optional(),
    'Origin under which browsers and providers reach this server; http://HOST:PORT unless set.',
  ),
  TRUSTED_PROXIES: setting(
    z.coerce.number().int().min(0).max(10).default(0),
    'How many proxies of yours stand in front, each of which appends to X-Forwarded-For whom it was asked by.',
  ),
  ALLOW_PLAIN_HTTP: setting(
    z.enum(['on', 'off']).default('off'),
    'Serve sessions and webhooks without encryption beyond this machine. For networks that encrypt by themselves.',
  ),
  ROLES: setting(
    z
      .string()
      .default('api,worker')
      .transform((text) => text.split(',').map((role) => role.trim()))
      .pipe(z.array(z.enum(['api', 'worker'])).min(1)),
    'What this process does: api, worker, or both.',
  ),
  SMTP_URL: secret(
    z
      .url({ protocol: /^smtps?$/, error: 'must be an address such as smtps://user:password@mail.example.com' })
      .optional(),
    'Relay that mails are handed to, such as smtps://user:password@mail.example.com; no mails go out unless set.',
  ),
  MAIL_FROM: setting(
    z
      .string()
      .regex(
        /^(?:[^<>\r\n@]+<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/,
        'must be an address such as Signalbox <signalbox@example.com>',
      )
      .optional(),
    'Whom mails are from, such as Signalbox <signalbox@example.com>; needed with SMTP_URL.',
  ),
  LOG_LEVEL: setting(
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    'Least severe log lines written.',
  ),
  SIGNALBOX_DATA: setting(
    z.string().min(1).optional(),
    'Data folder of a local start; “npx pnpm run token” finds the running product through it.',
  ),
  SIGNALBOX_CACHE: setting(
    z.string().min(1).optional(),
    'Folder that keeps what is made once, such as the bundle of workflows; without, the data folder has one.',
  ),
  MEDIA_DIR: setting(
    z.string().min(1).optional(),
    'Folder that keeps the pictures of messages; every process must see the same one. Without, the data folder has one.',
  ),
  DEMO_CARRIER_URL: setting(httpUrl.optional(), 'Address of the demo carrier; turns demo mode on.'),
  DEMO_SEED: setting(z.enum(['on', 'off']).default('on'), 'In demo mode: fill a new workspace with sample data.'),
  LINK_CLICK_DAYS: setting(
    z.coerce.number().int().min(31).max(3_650).default(400),
    'Days for which every click on a short link is kept with its time and device; counts stay with the link.',
  ),
  RUN_STARTS_PER_SECOND: setting(count(20), 'Most Temporal workflows started in a second.'),
  DATABASE_CONNECTIONS: setting(count(12), 'Most connections of the application role, but for large runs.'),
  DATABASE_BULK_CONNECTIONS: setting(count(4), 'Most connections for the steps of large runs.'),
  DATABASE_STATEMENT_TIMEOUT_MS: setting(
    milliseconds(30_000),
    'A statement of the database that takes longer is cancelled; migrations are not.',
  ),
  DISPATCH_CONCURRENCY: setting(count(defaultDispatchSettings.concurrency), 'Requests to providers in flight at once.'),
  DISPATCH_CLAIM_SIZE: setting(count(defaultDispatchSettings.claimSize), 'Messages claimed in one transaction.'),
  DISPATCH_BREAKER_FAILURES: setting(
    count(defaultDispatchSettings.breakerFailures),
    'So many failed requests within ten seconds, at least half of all, take an account for down.',
  ),
  DISPATCH_LEASE_MS: setting(
    milliseconds(defaultDispatchSettings.leaseMs),
    'How long a claim holds; must exceed the HTTP timeout.',
  ),
  DISPATCH_HTTP_TIMEOUT_MS: setting(
    milliseconds(defaultDispatchSettings.httpTimeoutMs),
    'How long a provider may take to answer.',
  ),
  DISPATCH_MARGIN_MS: setting(
    milliseconds(defaultDispatchSettings.marginMs),
    'Waited on top of lease and timeout before a silent attempt counts as unknown.',
  ),
  DISPATCH_SETTLE_EVERY_MS: setting(
    milliseconds(defaultDispatchSettings.settleEveryMs),
    'Results are stored together at least this often.',
  ),
  WEBHOOK_PRIVATE_ADDRESSES: setting(
    z.enum(['on', 'off']).default('off'),
    'Let webhooks be at http addresses, on this machine and in private networks. For receivers beside this server; whoever may add webhooks reaches them all.',
  ),
  UNKNOWN_LINE_MS: setting(
    milliseconds(defaultDispatchSettings.unknownLineMs),
    'How long a message of unknown outcome holds back later ones to the same number.',
  ),
  UNKNOWN_DEADLINE_MS: setting(
    milliseconds(defaultDispatchSettings.unknownDeadlineMs),
    'An unknown outcome that nothing resolved is closed after this.',
  ),
  UNKNOWN_LOOKUP_EVERY_MS: setting(
    milliseconds(defaultDispatchSettings.lookupEveryMs),
    'How often an unknown outcome is looked up at the provider.',
  ),
});

export type Settings = z.output<typeof settingsSchema> & {
  /** Without a trailing slash. */
  readonly publicUrl: string;
  readonly dispatch: DispatchSettings;
};

/** Settings that are missing or do not fit: all of them at once. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`These settings are missing or do not fit:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/**
 * Reads the settings from an environment; an empty value counts as none.
 *
 * @throws SettingsError naming every setting that is missing or does not fit; never with a value.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = settingsSchema.safeParse(given);
  const unfit = (parsed.error?.issues ?? []).map((issue) => {
    const name = issue.path.join('.');
    return `${name}: ${given[name] === undefined ? 'is not set' : issue.message}`;
  });
  const problems = [...unfit, ...disagreements(given)];
  if (!parsed.success || problems.length > 0) throw new SettingsError(problems);
  const settings = parsed.data;
  const dispatch: DispatchSettings = {
    concurrency: settings.DISPATCH_CONCURRENCY,
    claimSize: settings.DISPATCH_CLAIM_SIZE,
    breakerFailures: settings.DISPATCH_BREAKER_FAILURES,
    leaseMs: settings.DISPATCH_LEASE_MS,
    httpTimeoutMs: settings.DISPATCH_HTTP_TIMEOUT_MS,
    marginMs: settings.DISPATCH_MARGIN_MS,
    settleEveryMs: settings.DISPATCH_SETTLE_EVERY_MS,
    unknownLineMs: settings.UNKNOWN_LINE_MS,
    unknownDeadlineMs: settings.UNKNOWN_DEADLINE_MS,
    lookupEveryMs: settings.UNKNOWN_LOOKUP_EVERY_MS,
  };
  const host = settings.HOST.includes(':') ? `[${settings.HOST}]` : settings.HOST;
  const publicUrl = (settings.PUBLIC_URL ?? `http://${host}:${settings.PORT}`).replace(/\/+$/, '');
  return { ...settings, publicUrl, dispatch };
}

/** What settings that fit by themselves get wrong together. */
function disagreements(given: Readonly<Record<string, string | undefined>>): string[] {
  const { ROLES, DISPATCH_LEASE_MS, DISPATCH_HTTP_TIMEOUT_MS } = settingsSchema.shape;
  const problems: string[] = [];
  const lease = DISPATCH_LEASE_MS.safeParse(given['DISPATCH_LEASE_MS']);
  const timeout = DISPATCH_HTTP_TIMEOUT_MS.safeParse(given['DISPATCH_HTTP_TIMEOUT_MS']);
  if (lease.success && timeout.success && lease.data <= timeout.data)
    problems.push('DISPATCH_LEASE_MS: must exceed DISPATCH_HTTP_TIMEOUT_MS');
  const roles = ROLES.safeParse(given['ROLES']);
  // Receipts and replies come to the process that serves the API, whose address a worker cannot know.
  if (roles.success && !roles.data.includes('api') && given['PUBLIC_URL'] === undefined)
    problems.push('PUBLIC_URL: must be set for a process without the role api');
  if ((given['SMTP_URL'] === undefined) !== (given['MAIL_FROM'] === undefined))
    problems.push(
      given['SMTP_URL'] === undefined ? 'SMTP_URL: is needed with MAIL_FROM' : 'MAIL_FROM: is needed with SMTP_URL',
    );
  if (given['ALLOW_PLAIN_HTTP'] !== 'on') problems.push(...plainHttp(given));
  return problems;
}

/** Sessions and tokens are not to cross a network in the clear: a worker's /metrics takes one too. A proxy in front that encrypts has an https PUBLIC_URL. */
function plainHttp(given: Readonly<Record<string, string | undefined>>): string[] {
  const host = given['HOST'] ?? '127.0.0.1';
  const publicUrl = given['PUBLIC_URL'];
  if (publicUrl?.startsWith('https:') === true) return [];
  const named = publicUrl !== undefined && URL.canParse(publicUrl) ? new URL(publicUrl).hostname : host;
  return isLoopback(host) && isLoopback(named)
    ? []
    : ['PUBLIC_URL: must begin with https:// beyond this machine; ALLOW_PLAIN_HTTP=on serves without encryption'];
}

/** Name, default and purpose of every setting, for the docs and the masking of secrets. */
export function describeSettings(): Array<{
  readonly name: string;
  readonly preset: string;
  readonly secret: boolean;
  readonly description: string;
}> {
  return Object.entries(settingsSchema.shape).map(([name, schema]) => {
    const meta = schema.meta() ?? {};
    const unset = schema.safeParse(undefined);
    const preset = unset.success && unset.data !== undefined ? String(unset.data) : '';
    return { name, preset, secret: meta.secret === true, description: meta.description ?? '' };
  });
}

/** Where accounts are and what their credentials are sealed and opened with, for a command that needs nothing else; null where it is not set. */
export function secretSettings(environment: Readonly<Record<string, string | undefined>>): {
  readonly appUrl: string;
  readonly routerUrl: string;
  readonly current: Buffer;
  readonly also: readonly Buffer[];
} | null {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const needed = { DATABASE_URL: true, DATABASE_ROUTER_URL: true, SECRETS_KEY: true, SECRETS_KEYS_ALSO: true } as const;
  const parsed = settingsSchema.pick(needed).safeParse(set);
  if (!parsed.success) return null;
  const { DATABASE_URL: appUrl, DATABASE_ROUTER_URL: routerUrl, SECRETS_KEY, SECRETS_KEYS_ALSO } = parsed.data;
  const bytes = (key: string): Buffer => Buffer.from(key, 'base64');
  return { appUrl, routerUrl, current: bytes(SECRETS_KEY), also: SECRETS_KEYS_ALSO.map(bytes) };
}
