import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { LocalSetupError } from './local-setup-error.ts';
import { setupProblems } from './messages.ts';

const secretsSchema = z.object({
  /** Password of the role that serves requests, under row-level security. */
  app_db_password: z.string().min(16),
  /** Password of the role that finds which workspace a request or webhook belongs to. */
  router_db_password: z.string().min(16),
  /** 32 bytes in base64: encrypts provider credentials. */
  secrets_key: z.base64().refine((text) => Buffer.from(text, 'base64').length === 32),
});

/** What a local installation made up for itself on its first start. */
export type LocalSecrets = z.infer<typeof secretsSchema>;

/**
 * Reads the secrets file, making it (mode 600) on the first start.
 * @throws LocalSetupError `secrets_unreadable`: a damaged file is never replaced, for it opens existing data.
 */
export function loadSecrets(path: string): LocalSecrets {
  if (!existsSync(path)) {
    const made: LocalSecrets = {
      app_db_password: randomBytes(24).toString('base64url'),
      router_db_password: randomBytes(24).toString('base64url'),
      secrets_key: randomBytes(32).toString('base64'),
    };
    const fresh = `${path}.${process.pid}.new`;
    writeFileSync(fresh, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
    try {
      // A link, not a rename: it never replaces a file that another start has made meanwhile.
      linkSync(fresh, path);
    } finally {
      rmSync(fresh, { force: true });
    }
  }
  try {
    return secretsSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new LocalSetupError(setupProblems.secretsUnreadable(path), { cause: error });
  }
}
