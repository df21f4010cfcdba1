import { html } from 'hono/html';
import { signInTexts } from '../api/texts.ts';

/** A page for those who are not signed in: whole in itself, without a script, a font or a picture to load. */
export function accessPage(content: ReturnType<typeof html>): ReturnType<typeof html> {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex"><title>${signInTexts.title}</title>
<style>
:root{color-scheme:light dark;--ink:#16202e;--paper:#f6f7f9;--card:#fff;--line:#dfe3e9;--soft:#5b6675;--act:#1f4b9a}
@media (prefers-color-scheme:dark){:root{--ink:#e8ecf2;--paper:#0f141b;--card:#171e28;--line:#2a3442;--soft:#9aa6b6;--act:#7aa7f5}}
*{box-sizing:border-box}body{margin:0;min-height:100dvh;display:grid;place-items:center;padding:24px;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{width:100%;max-width:26rem;padding:32px;background:var(--card);border:1px solid var(--line);border-radius:12px}
h1{margin:0 0 8px;font-size:22px;line-height:1.25}p{margin:0 0 24px;color:var(--soft)}p:last-child{margin:0}
code{display:block;padding:6px 10px;border:1px solid var(--line);border-radius:6px;background:var(--paper);color:var(--ink);font:14px/1.5 ui-monospace,monospace;user-select:all}
button,a{width:100%;min-height:44px;border:0;border-radius:8px;background:var(--act);color:var(--card);font:600 16px/1 system-ui,sans-serif;cursor:pointer}
a{display:grid;place-items:center;text-decoration:none}
button:focus-visible,a:focus-visible{outline:3px solid var(--act);outline-offset:3px}
</style></head><body><main>${content}</main></body></html>`;
}
