import { isLinkCode } from '@signalbox/nodes/text/links';
import { parsePhone } from '@signalbox/nodes/text/phone-number';
import { type Context, Hono } from 'hono';
import { comesFromElsewhere } from '../access/authenticate.ts';
import { readHome } from '../access/home.ts';
import type { SecretBox } from '../accounts/secret-box.ts';
import type { NumberDeps } from '../contacts/numbers.ts';
import { type Db, inWorkspace, readWorkspace } from '../db/database.ts';
import type { Notifier } from '../db/notifier.ts';
import { clientAddress } from '../http/client-address.ts';
import type { ApiEnv } from '../http/env.ts';
import { limitBody } from '../http/limit-body.ts';
import { fieldTexts } from '../http/texts.ts';
import { createGuessLimit } from '../links/guessing.ts';
import type { Clock } from '../runtime/clock.ts';
import { type FoundForm, findForm } from './find-form.ts';
import { formPage, notePage, nothingWritten, pagePolicy, thanksPage, type Written } from './form-page.ts';
import type { FormRow } from './store.ts';
import { takeSignUp } from './take-sign-up.ts';
import { makeTicket, readTicket } from './ticket.ts';

/** Bytes of a form that is sent. */
const mostFormBytes = 16 * 1_024;
/** Sign-ups that are taken at once, and how long until one more is: of one address, and by one form. */
export const ofAddress = { atOnce: 20, oneMoreMs: 60_000 };
const ofForm = { atOnce: 300, oneMoreMs: 2_000 };

const unknown = notePage(
  'No such page',
  'Nothing is at this address. It may have been copied without its last letters.',
);
const closed = notePage('Sign-ups are closed', 'Nobody can sign up here at the moment.');
const tooMany = notePage('Too many sign-ups', 'There were too many from here just now. Try again in a few minutes.');
const elsewhere = notePage('Not signed up', 'Open the form on its own page, and sign up there.');

type JoinDeps = NumberDeps & {
  readonly db: Db;
  readonly clock: Clock;
  readonly notifier: Notifier;
  readonly publicUrl: string;
  readonly box: SecretBox;
  readonly onQueued: () => void;
};

/** Whether people can sign up. A programme may have got words without a question since the form was made: nobody consents unasked then. */
const isOpen = ({ enabled, archived, double_opt_in: asks, question }: FormRow): boolean =>
  enabled && !archived && !(asks && question === null);

/** A field of a form as text; empty where it is none, or holds what cannot be stored. */
const textOf = (value: unknown): string => (typeof value === 'string' && !value.includes('\u0000') ? value.trim() : '');

/**
 * The pages below `/join/` on which people sign up, for whoever has their address. They say the same of every number. Mounted before the
 * headers of the editor: pages of the hosts that a form names may show it in a frame.
 */
export function joinPages(deps: JoinDeps, { trustedProxies = 0 }: { readonly trustedProxies?: number } = {}) {
  const { db, clock, box, publicUrl } = deps;
  const guesses = createGuessLimit(clock.monotonic);
  const byAddress = createGuessLimit(clock.monotonic, ofAddress);
  const byForm = createGuessLimit(clock.monotonic, ofForm);

  const addressOf = ({ env }: Context<ApiEnv>): string =>
    env?.incoming === undefined ? '' : clientAddress(env.incoming, trustedProxies);

  const show = async (body: ReturnType<typeof notePage>, status: number, hosts: readonly string[] = [], waitMs = 0) =>
    new Response(String(await body), {
      status,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': pagePolicy(hosts),
        'cache-control': 'no-store',
        'referrer-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'x-robots-tag': 'noindex',
        ...(hosts.length === 0 ? { 'x-frame-options': 'DENY' } : {}),
        ...(waitMs > 0 ? { 'retry-after': String(Math.ceil(waitMs / 1_000)) } : {}),
      },
    });

  /** The form that is asked for, or what is answered where it cannot be used. */
  const open = async (c: Context<ApiEnv>, code: string): Promise<FoundForm | Response> => {
    const waitMs = guesses.waitMs(addressOf(c));
    if (waitMs > 0) return show(tooMany, 429, [], waitMs);
    const found = isLinkCode(code) ? await findForm(db, code) : null;
    if (found === null) {
      guesses.missed(addressOf(c));
      return show(unknown, 404);
    }
    return isOpen(found.form) ? found : show(closed, 410);
  };

  const showForm = (found: FoundForm, inFrame: boolean, host: string, written: Written, status: number) => {
    const ticket = makeTicket(box, found, clock.now(), host);
    return show(formPage(found.form, ticket, inFrame, written), status, found.form.hosts);
  };

  /** The host of the page that shows the form in a frame, where the form names it. */
  const framingHost = (c: Context<ApiEnv>, { form }: FoundForm): string => {
    const host = URL.parse(c.req.header('referer') ?? '')?.hostname ?? '';
    return form.hosts.includes(host) ? host : '';
  };

  const take = async (c: Context<ApiEnv>, found: FoundForm): Promise<Response> => {
    const { workspaceId, form } = found;
    const inFrame = c.req.query('frame') !== undefined;
    const address = addressOf(c);
    const waitMs = Math.max(byAddress.waitMs(address), byForm.waitMs(form.code));
    if (waitMs > 0) return show(tooMany, 429, form.hosts, waitMs);
    if (comesFromElsewhere(c, publicUrl)) return show(elsewhere, 403);
    const sent = await c.req.parseBody().catch(() => ({}));
    const field = (name: string): string => textOf(Object.entries(sent).find(([key]) => key === name)?.[1]);
    const said = { phone: field('phone').slice(0, 40), firstName: field('first_name').slice(0, 100) };
    const page = readTicket(box, found, field('ticket'), clock.now());
    const host = page?.host ?? '';
    const again = (at: 'phone' | 'agree' | null, text: string) =>
      showForm(found, inFrame, host, { ...said, problem: { field: at, text } }, 422);
    byAddress.missed(address);
    // Whoever fills in what nobody sees is a machine: it learns nothing of that.
    if (field('website') !== '') return show(thanksPage(form, inFrame), 200, form.hosts);
    if (page === null || page.state !== 'fresh')
      return again(null, 'Please look at this once more, and press “Sign up” again.');
    const { country } = await readWorkspace(db, workspaceId, (tx) => readHome({ tx, workspaceId }));
    const parsed = parsePhone(said.phone, country);
    if (!parsed.ok) return again('phone', fieldTexts[parsed.code]);
    if (field('agree') !== 'yes') return again('agree', 'Tick the box to agree to these texts.');
    byForm.missed(form.code);
    const shownAt = host === '' ? publicUrl : `https://${host}`;
    await inWorkspace(db, workspaceId, (tx) =>
      takeSignUp(deps, { tx, workspaceId, now: clock.now() }, form, {
        phone: parsed.e164,
        firstName: form.asks_name && said.firstName !== '' ? said.firstName : null,
        proof: {
          sourceUrl: host === '' ? `${publicUrl}/join/${form.code}` : shownAt,
          ip: address === '' ? null : address,
          userAgent: c.req.header('user-agent')?.slice(0, 500) ?? null,
        },
      }),
    );
    deps.notifier.changed(workspaceId);
    deps.onQueued();
    return show(thanksPage(form, inFrame), 200, form.hosts);
  };

  return new Hono<ApiEnv>()
    .get('/join/:code', async (c) => {
      const found = await open(c, c.req.param('code'));
      if (found instanceof Response) return found;
      return showForm(found, c.req.query('frame') !== undefined, framingHost(c, found), nothingWritten, 200);
    })
    .post('/join/:code', limitBody(mostFormBytes), async (c) => {
      const found = await open(c, c.req.param('code'));
      return found instanceof Response ? found : take(c, found);
    });
}
