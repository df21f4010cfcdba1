import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { Hono } from 'hono';
import { isEditorPath } from '../http/editor-path.ts';
import type { ApiEnv } from '../http/env.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};

/**
 * The built editor. Files with a hash in their name never change and are kept by browsers for a year; any other address is the
 * editor's own and gets its page.
 *
 * @param folder of the build; null or missing means there is none and only the API is served.
 */
export function editorRoutes(folder: string | null) {
  const app = new Hono<ApiEnv>();
  if (folder === null) return app;
  const known = new Map<string, string>();
  const scan = (at: string): void => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) scan(path);
      else known.set(`/${relative(folder, path).split(sep).join('/')}`, path);
    }
  };
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return app;
  scan(folder);

  return app.get('*', (c, next) => {
    const { path } = c.req;
    if (!isEditorPath(path)) return next();
    const file = known.get(path);
    const page = known.get('/index.html');
    if (file !== undefined && file !== page) {
      const immutable = path.startsWith('/assets/');
      return c.body(new Uint8Array(readFileSync(file)), 200, {
        'content-type': types[extname(file)] ?? 'application/octet-stream',
        'cache-control': immutable ? 'private, max-age=31536000, immutable' : 'no-cache',
      });
    }
    if (page === undefined || path.startsWith('/assets/')) return next();
    return c.body(new Uint8Array(readFileSync(page)), 200, {
      'content-type': types['.html'] ?? 'text/html',
      'cache-control': 'no-cache',
    });
  });
}
