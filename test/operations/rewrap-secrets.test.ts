import { createSecretBox } from '@signalbox/engine/accounts/secret-box';
import { createNumberDigests } from '@signalbox/engine/db/number-digests';
import { secretPlace } from '@signalbox/engine/integrations/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, startHarness } from '../support/harness.ts';
import { secretsKey } from '../support/secrets-key.ts';
import { runProgram } from './run-program.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ work: false });
});
afterAll(() => harness.close());

const next = Buffer.alloc(32, 9);

/** Runs the command with these keys; resolves to what it printed and how it ended. */
async function rewrap(keys: { readonly SECRETS_KEY: Buffer; readonly also?: Buffer }) {
  const { DATABASE_URL, DATABASE_ROUTER_URL, PATH } = harness.processEnv('/nowhere');
  const env = {
    PATH,
    DATABASE_URL,
    DATABASE_ROUTER_URL,
    SECRETS_KEY: keys.SECRETS_KEY.toString('base64'),
    ...(keys.also === undefined ? {} : { SECRETS_KEYS_ALSO: keys.also.toString('base64') }),
  };
  return runProgram('rewrap-secrets', { env });
}

const sealed = async () => {
  const row = await harness.inTx((tx) => tx.selectFrom('accounts').select('secret').executeTakeFirstOrThrow());
  return row.secret;
};

test('credentials are encrypted with the new key while everything runs, once, and the old one can go', async () => {
  const { workspaceId, accountId } = harness;
  const before = createSecretBox(secretsKey).open(workspaceId, accountId, await sealed());
  expect(await rewrap({ SECRETS_KEY: next })).toEqual({ code: 1, said: expect.stringContaining(accountId) });
  const both = { SECRETS_KEY: next, also: secretsKey };
  expect(await rewrap(both)).toEqual({ code: 0, said: expect.stringContaining('encrypted anew: 1') });
  expect(createSecretBox(next).open(workspaceId, accountId, await sealed())).toBe(before);
  expect(await rewrap(both)).toEqual({ code: 0, said: expect.stringContaining('encrypted anew: 0') });
  expect((await rewrap({ SECRETS_KEY: next })).code).toBe(0);
});

test('the secrets of webhooks come along', async () => {
  const { workspaceId } = harness;
  const id = harness.engine.ids.uuid();
  const secret = createSecretBox(secretsKey).seal(workspaceId, secretPlace(id), 'whsec_one');
  await harness.inTx((tx) =>
    tx
      .insertInto('webhook_endpoints')
      .values({ workspace_id: workspaceId, id, url: 'https://example.com/', types: [], secret, created_at: new Date() })
      .execute(),
  );
  const both = { SECRETS_KEY: next, also: secretsKey };
  expect(await rewrap(both)).toEqual({ code: 0, said: expect.stringContaining('encrypted anew: 1') });
  const row = await harness.inTx((tx) => tx.selectFrom('webhook_endpoints').select('secret').executeTakeFirstOrThrow());
  expect(createSecretBox(next).open(workspaceId, secretPlace(id), row.secret)).toBe('whsec_one');
});

test('and so are the keys by which suppressed numbers are known again, which stay what they are', async () => {
  const { workspaceId } = harness;
  const scope = { workspaceId };
  const digestWith = (key: Buffer) =>
    harness.inTx(async (tx) => {
      const digest = await createNumberDigests(createSecretBox(key)).known({ tx, ...scope });
      return digest?.('+12025550143').toString('hex');
    });
  await harness.inTx(async (tx) => {
    await createNumberDigests(createSecretBox(secretsKey)).made({ tx, ...scope });
  });
  const before = await digestWith(secretsKey);
  expect(before).toMatch(/^[0-9a-f]{64}$/);
  expect((await rewrap({ SECRETS_KEY: next })).code).toBe(1);
  await rewrap({ SECRETS_KEY: next, also: secretsKey });
  expect(await digestWith(next)).toBe(before);
  await expect(digestWith(secretsKey)).rejects.toThrow('not known here');
});

test('without keys or a database it says what to set', async () => {
  expect(await rewrap({ SECRETS_KEY: Buffer.alloc(5) })).toEqual({
    code: 2,
    said: expect.stringContaining('SECRETS_KEYS_ALSO'),
  });
});
