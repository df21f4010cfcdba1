import { html, raw } from 'hono/html';
import { pageLook, pageMark } from '../http/page-look.ts';
import { signInTexts } from '../http/texts.ts';

/** A page for those who are not signed in: whole in itself, without a script, a font or a picture to load. */
export function accessPage(content: ReturnType<typeof html>): ReturnType<typeof html> {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex"><title>${signInTexts.title}</title>
<style>${raw(pageLook + style)}</style></head><body><main>${raw(pageMark(44))}${content}</main></body></html>`;
}

const style = `
body{min-height:100dvh;display:grid;place-items:center;padding:24px;background:radial-gradient(80rem 40rem at 50% -10%,var(--action-soft),transparent) var(--paper)}
main{width:100%;max-width:25rem}
h1{margin:24px 0 0;font-size:28px}p{margin:12px 0 0;color:var(--ink-2);font-size:16px}
code{display:block;padding:10px 12px;border:1px solid var(--line);border-radius:8px;background:var(--surface);color:var(--ink);user-select:all}
form{margin:0}button,a{display:grid;place-items:center;width:100%;min-height:44px;margin-top:24px;border:0;border-radius:8px;background:var(--action);color:var(--action-ink);font:inherit;font-weight:600;text-decoration:none;cursor:pointer;transition:background-color 120ms ease-out}
button:hover,a:hover{background:var(--action-hover)}
@media (prefers-reduced-motion:reduce){button,a{transition:none}}
`;
