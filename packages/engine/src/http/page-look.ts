/**
 * The look of the pages that the server writes itself: the editor's colours and sizes, on fonts that the machine has, with nothing to
 * load. Light and dark follow the system.
 */
export const pageLook = `
:root{color-scheme:light dark;--paper:oklch(0.977 0.004 85);--surface:oklch(0.996 0.002 85);--sunken:oklch(0.958 0.005 82);--line:oklch(0.905 0.007 82);--ink:oklch(0.235 0.012 70);--ink-2:oklch(0.4 0.012 70);--ink-3:oklch(0.5 0.012 70);--action:oklch(0.43 0.145 258);--action-hover:oklch(0.375 0.145 258);--action-ink:oklch(0.99 0.005 258);--action-soft:oklch(0.945 0.026 258);--focus:oklch(0.55 0.18 258)}
@media (prefers-color-scheme:dark){:root{--paper:oklch(0.185 0.007 70);--surface:oklch(0.218 0.008 70);--sunken:oklch(0.165 0.006 70);--line:oklch(0.31 0.01 70);--ink:oklch(0.93 0.008 85);--ink-2:oklch(0.81 0.01 80);--ink-3:oklch(0.7 0.012 78);--action:oklch(0.72 0.125 255);--action-hover:oklch(0.78 0.11 255);--action-ink:oklch(0.18 0.04 258);--action-soft:oklch(0.3 0.06 258);--focus:oklch(0.75 0.13 255)}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:14px/1.45 "Inter Variable",Inter,ui-sans-serif,system-ui,sans-serif;-webkit-font-smoothing:antialiased}
h1,h2,h3,h4{font-weight:600;line-height:1.2;letter-spacing:-0.011em}
code,pre{font:13px/1.5 ui-monospace,"JetBrains Mono",SFMono-Regular,Menlo,monospace}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
.mark{display:block}.mark rect{fill:var(--action)}.mark path{fill:none;stroke:var(--action-ink);stroke-width:2.75;stroke-linecap:round}.mark circle{fill:var(--action-ink)}
`;

/** The mark, as the editor draws it. */
export const pageMark = (size: number): string =>
  `<svg class="mark" aria-hidden="true" width="${size}" height="${size}" viewBox="0 0 36 36"><rect width="36" height="36" rx="10"/><path d="M9 25h6.5a4.5 4.5 0 0 0 4.5-4.5v-5a4.5 4.5 0 0 1 4.5-4.5H27"/><circle cx="9.5" cy="25" r="3"/><circle cx="26.5" cy="11" r="3"/></svg>`;
