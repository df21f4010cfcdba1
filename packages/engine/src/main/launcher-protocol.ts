import { z } from 'zod';

/*
 * How the engine (`main/main.ts`) and whoever starts it as a child, such as `packages/launcher`, speak.
 *
 * Environment that the engine gets (`engineEnvironment`):
 *   DATABASE_URL           the application role, under row-level security
 *   DATABASE_ROUTER_URL    the role that finds the workspace of a request
 *   DATABASE_OWNER_URL     the owner; the engine migrates with it and creates the two roles above (may be absent with an
 *                          outside DATABASE_URL: another process migrates)
 *   APP_DB_PASSWORD        the password to give the application role (of the launcher's environment with an outside DATABASE_URL)
 *   ROUTER_DB_PASSWORD     the password to give the router role (likewise)
 *   SECRETS_KEY            32 bytes in base64, encrypts provider credentials
 *   TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE
 *   HOST, PORT             where to serve; the launcher has checked that the port is free
 *   ROLES                  "api,worker", or one of the two
 *   SIGNALBOX_DATA         the data folder, absolute
 *   DEMO_CARRIER_URL       the demo carrier's base address; present only in demo mode
 * Everything else of the launcher's environment is passed on (LOG_LEVEL, PUBLIC_URL, …).
 *
 * Standard output: once the engine serves, one line `{"ready":true,"url":…,"sign_in_url":…}`, without the last where it
 * does not serve the API: nobody signs in to a worker. Before it, any number of lines
 * `{"progress":"Migrating the database"}`, which the terminal shows with their duration, and `{"warning":"…"}`, which it
 * shows as they are. Every other line of stdout and stderr goes to `logs/engine.log`.
 *
 * IPC channel (`process.send`, `process.on('message')`): the launcher sends `{ type: 'sign-in-link' }`, the engine
 * answers `{ type: 'sign-in-link', url }` with a fresh link each time. One that serves no API is not asked.
 *
 * End: SIGTERM means drain and exit 0 within `engineStopMs`; the launcher sends SIGKILL after it. When the IPC channel
 * closes (`process.on('disconnect')`) the launcher is gone, perhaps killed: the engine ends as on SIGTERM.
 */

/** Name of the application role whose URL the launcher makes. */
export const appRole = 'signalbox_app';
/** Name of the router role whose URL the launcher makes. */
export const routerRole = 'signalbox_router';

/** How long the engine may take to end after SIGTERM, in milliseconds. */
export const engineStopMs = 20_000;

export const readyLineSchema = z.object({ ready: z.literal(true), url: z.url(), sign_in_url: z.url().optional() });
export type ReadyLine = z.infer<typeof readyLineSchema>;

export const progressLineSchema = z.object({ progress: z.string().min(1) });

export const warningLineSchema = z.object({ warning: z.string().min(1) });

/** What the launcher sends to the engine. */
export const launcherMessageSchema = z.object({ type: z.literal('sign-in-link') });
export type LauncherMessage = z.infer<typeof launcherMessageSchema>;

/** What the engine answers. */
export const engineMessageSchema = z.object({ type: z.literal('sign-in-link'), url: z.url() });
export type EngineMessage = z.infer<typeof engineMessageSchema>;
