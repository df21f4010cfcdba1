import { parseArgs } from 'node:util';
import { z } from 'zod';
import { createAuditTrail } from '../access/audit-trail.ts';
import { createToken, hashToken, tokenMadeAudit } from '../access/tokens.ts';
import { listWorkspaces } from '../access/workspaces.ts';
import { inWorkspace, openDb } from '../db/database.ts';
import type { Work } from '../db/work.ts';
import { systemClock } from '../runtime/clock.ts';
import { createIds } from '../runtime/ids.ts';
import { tokenTexts } from './token-texts.ts';
import { whereItRuns } from './where-it-runs.ts';

const dayMs = 86_400_000;
const argumentsSchema = z.object({
  scope: z.enum(['read', 'full']).default('full'),
  days: z.coerce.number().int().min(1).max(3_650).default(90),
  label: z.string().max(80).default('command line'),
});

/** `npx pnpm run token [--scope read|full] [--days N] [--label TEXT]`: prints a bearer token for the API and an example of its use. */
async function main(): Promise<number> {
  const parsed = readArguments();
  if (parsed === null) {
    process.stderr.write(`${tokenTexts.usage}\n`);
    return 2;
  }
  const running = whereItRuns();
  if (running === null) {
    process.stderr.write(`${tokenTexts.notRunning}\n`);
    return 1;
  }
  const db = openDb({
    appUrl: running.database_url,
    routerUrl: running.database_router_url,
    appConnections: 1,
    routerConnections: 1,
  });
  try {
    const [workspaceId] = await listWorkspaces(db);
    if (workspaceId === undefined) {
      process.stderr.write(`${tokenTexts.noWorkspace}\n`);
      return 1;
    }
    const { token, expiresAt } = await inWorkspace(db, workspaceId, async (tx) => {
      const work = { tx, workspaceId, now: systemClock.now() };
      const made = await createToken(work, {
        kind: 'bearer',
        scope: parsed.scope,
        label: parsed.label,
        now: work.now,
        lifeMs: parsed.days * dayMs,
      });
      await recordToken(work, made.token, parsed.scope);
      return made;
    });
    // The token stands alone on the first line, so that `TOKEN=$(npx pnpm --silent run token | head -1)` works.
    process.stdout.write(
      `${token}\n${tokenTexts.about(parsed.scope, expiresAt)}\n${tokenTexts.example(running.url, token)}\n`,
    );
    return 0;
  } catch {
    process.stderr.write(`${tokenTexts.notRunning}\n`);
    return 1;
  } finally {
    await db.close();
  }
}

/** Whoever may start the command is nobody that the trail could name: the token itself stands for them, as it will in what it does. */
async function recordToken(work: Work, token: string, scope: string): Promise<void> {
  const ids = createIds(() => work.now.getTime());
  await createAuditTrail(ids)(work, {
    actor: { via: 'bearer', tokenHash: hashToken(token) },
    resource: 'sessions',
    verb: 'create',
    action: tokenMadeAudit.action,
    subject: null,
    fields: [],
    detail: { scope },
    requestId: 'command line',
  });
}

function readArguments(): z.infer<typeof argumentsSchema> | null {
  try {
    const { values } = parseArgs({
      options: { scope: { type: 'string' }, days: { type: 'string' }, label: { type: 'string' } },
    });
    const parsed = argumentsSchema.safeParse(values);
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

process.exitCode = await main();
