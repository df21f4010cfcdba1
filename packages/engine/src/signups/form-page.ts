import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import { pageLook } from '../http/page-look.ts';
import { agreementOf } from './agreement.ts';
import type { FormRow } from './store.ts';

const style = `${pageLook}
body{font-size:16px}
main{max-width:30rem;margin:0 auto;padding:32px 20px}
.page main{margin:24px auto;padding:32px;border:1px solid var(--line);border-radius:12px;background:var(--surface)}
h1{margin:0;font-size:28px;overflow-wrap:anywhere}p{margin:12px 0 0;color:var(--ink-2);overflow-wrap:anywhere;white-space:pre-line}
form{margin:24px 0 0}label{font-weight:500}
.field{display:block;margin-top:16px}.field input{display:block;width:100%;min-height:44px;margin-top:6px;padding:0 12px;border:1px solid var(--ink-3);border-radius:8px;background:var(--paper);color:var(--ink);font:inherit}
small{display:block;margin-top:6px;color:var(--ink-3);font-size:14px}
.agree{display:flex;gap:12px;margin-top:20px;font-size:14px;font-weight:400}.agree input{flex:none;width:24px;height:24px;margin:0;accent-color:var(--action)}.agree span{min-width:0;overflow-wrap:anywhere}
.wrong{margin-top:12px;padding:12px;border-radius:8px;background:var(--sunken);border:1px solid var(--ink-3);color:var(--ink)}
button{width:100%;min-height:44px;margin-top:24px;border:0;border-radius:8px;background:var(--action);color:var(--action-ink);font:inherit;font-weight:600;cursor:pointer}button:hover{background:var(--action-hover)}
a{color:var(--action)}.links{display:flex;flex-wrap:wrap;gap:4px 20px;font-size:14px}.links a{display:inline-block;padding:4px 0}
.trap{position:absolute;left:-9999px;width:1px;height:1px;overflow:hidden}
@media (max-width:480px){.page main{margin:0;padding:24px 20px;min-height:100dvh;border:0;border-radius:0}}
`;
const styleHash = createHash('sha256').update(style).digest('base64');

/** What a page of ours may do: nothing but look as it does, and send its form to us. Pages of `hosts` may show it in a frame. */
export function pagePolicy(hosts: readonly string[]): string {
  const ancestors = hosts.length === 0 ? "'none'" : hosts.map((host) => `https://${host}`).join(' ');
  return `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors ${ancestors}`;
}

type Content = ReturnType<typeof html>;

function wholePage(title: string, inFrame: boolean, content: Content): Content {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${title}</title><style>${raw(style)}</style></head>
<body class="${inFrame ? 'frame' : 'page'}"><main>${content}</main></body></html>`;
}

/** What somebody wrote, and what is wrong with it. */
export type Written = {
  readonly phone: string;
  readonly firstName: string;
  readonly problem: { readonly field: 'phone' | 'agree' | null; readonly text: string } | null;
};
export const nothingWritten: Written = { phone: '', firstName: '', problem: null };

/** The page of a form: whole in itself, without a script, a font or a picture to load. */
export function formPage(
  form: FormRow,
  ticket: string,
  inFrame: boolean,
  { phone, firstName, problem }: Written,
): Content {
  const at = (field: 'phone' | 'agree') =>
    problem?.field === field ? html` aria-invalid="true" aria-describedby="problem"` : '';
  const described = problem?.field === 'phone' ? 'problem phone-help' : 'phone-help';
  return wholePage(
    form.title,
    inFrame,
    html`<h1>${form.title}</h1>${form.body === '' ? '' : html`<p>${form.body}</p>`}
<form method="post" action="/join/${form.code}${inFrame ? '?frame=1' : ''}">
${problem === null ? '' : html`<p class="wrong" role="alert" id="problem">${problem.text}</p>`}
<input type="hidden" name="ticket" value="${ticket}">
${
  form.asks_name
    ? html`<div class="field"><label for="first_name">First name (optional)</label><input id="first_name" name="first_name" maxlength="100" autocomplete="given-name" value="${firstName}"></div>`
    : ''
}
<div class="field"><label for="phone">Mobile number</label><input id="phone" name="phone" type="tel" maxlength="40" required autocomplete="tel" value="${phone}"${problem?.field === 'phone' ? html` aria-invalid="true"` : ''} aria-describedby="${described}"><small id="phone-help">Of another country: with + and the country code.</small></div>
<div class="trap" aria-hidden="true"><label for="website">Leave this empty</label><input id="website" name="website" tabindex="-1" autocomplete="off"></div>
<label class="agree"><input type="checkbox" name="agree" value="yes" required${at('agree')}><span>${agreementOf(form)}</span></label>
<p><small>${form.disclosure}</small></p>
<p class="links"><a href="${form.terms_url}" target="_blank" rel="noopener noreferrer">Terms</a><a href="${form.privacy_url}" target="_blank" rel="noopener noreferrer">Privacy policy</a></p>
<button>Sign up</button></form>`,
  );
}

/** What everybody is told who signs up: it gives away nothing of the number. */
export function thanksPage(form: FormRow, inFrame: boolean): Content {
  const next = form.double_opt_in
    ? 'If this number can be texted and is not signed up yet, a text is on its way. Reply YES to it within 72 hours to confirm.'
    : 'If this number can be texted, it is signed up.';
  return wholePage(
    form.title,
    inFrame,
    html`<h1>Thank you</h1><p>${next}</p><p>If you once texted STOP to ${form.brand}, text START to the number that its texts came from, and sign up again.</p>`,
  );
}

/** A page that says one thing. */
export function notePage(title: string, text: string): Content {
  return wholePage(title, false, html`<h1>${title}</h1><p>${text}</p>`);
}
