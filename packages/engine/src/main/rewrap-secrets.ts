import { rewrapSecrets, sealedAccounts, sealedDigestKeys } from '../accounts/rewrap.ts';
import { createSecretBox } from '../accounts/secret-box.ts';
import { openDb } from '../db/database.ts';
import { sealedEndpoints } from '../integrations/store.ts';
import { sealedMedia } from '../media/inbound-media.ts';
import { secretSettings } from './settings.ts';
import { rewrapTexts } from './token-texts.ts';

/** `npx pnpm run rewrap-secrets`: seals the credentials of accounts and the secrets of webhooks with SECRETS_KEY. Safe beside processes that run, and to be repeated. */
async function main(): Promise<number> {
  const settings = secretSettings(process.env);
  if (settings === null) {
    process.stderr.write(`${rewrapTexts.usage}\n`);
    return 2;
  }
  const { appUrl, routerUrl, current: key, also } = settings;
  const db = openDb({ appUrl, routerUrl, appConnections: 1, routerConnections: 1 });
  try {
    const { changed, current, unreadable } = await rewrapSecrets(db, createSecretBox(key, also), [
      sealedAccounts,
      sealedDigestKeys,
      sealedEndpoints,
      sealedMedia,
    ]);
    process.stdout.write(`${rewrapTexts.done(changed, current)}\n`);
    if (unreadable.length === 0) return 0;
    process.stderr.write(`${rewrapTexts.unreadable(unreadable)}\n`);
    return 1;
  } finally {
    await db.close();
  }
}

process.exitCode = await main();
