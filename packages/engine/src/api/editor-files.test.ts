import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { editorRoutes } from './editor-files.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-editor-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html>page');
  writeFileSync(join(folder, 'theme.js'), 'theme');
  writeFileSync(join(folder, 'assets/main-abc123.js'), 'code');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const get = async (path: string) => {
  const answer = await editorRoutes(folder).request(path);
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    cache: answer.headers.get('cache-control'),
    text: await answer.text(),
  };
};

describe('the editor’s files', () => {
  test('hashed ones are kept for a year, others asked for again', async () => {
    expect(await get('/assets/main-abc123.js')).toEqual({
      status: 200,
      type: 'text/javascript; charset=utf-8',
      cache: 'private, max-age=31536000, immutable',
      text: 'code',
    });
    expect(await get('/theme.js')).toMatchObject({ status: 200, cache: 'no-cache', text: 'theme' });
  });

  test('every address of the editor gets its page', async () => {
    for (const path of ['/', '/flows/flw_x', '/sign-in', '/index.html'])
      expect(await get(path)).toMatchObject({ status: 200, cache: 'no-cache', text: '<!doctype html>page' });
  });

  test('addresses of the API, webhooks and the demo, missing assets and paths out of the folder do not', async () => {
    for (const path of [
      '/api',
      '/api/v2/x',
      '/webhooks/twilio/x/sms',
      '/demo/phone',
      '/metrics',
      '/healthz',
      '/assets/gone.js',
      '/assets/..%2f..%2fpackage.json',
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
  });

  test('without a build there is none', async () => {
    expect((await editorRoutes(join(folder, 'missing')).request('/')).status).toBe(404);
    expect((await editorRoutes(null).request('/')).status).toBe(404);
  });
});
