import { z } from '@hono/zod-openapi';
import { lockWorkspace } from '../access/home.ts';
import { listLists } from '../contacts/lists.ts';
import { writeTopic } from '../db/feed.ts';
import type { Scope, Work } from '../db/work.ts';
import { formIdSchema } from '../http/contract.ts';
import { changedDocument, effect } from '../http/effect.ts';
import { isSeed, type RouteDeps } from '../http/env.ts';
import { idFrom, readShown, shown } from '../http/ids.ts';
import { fieldProblem, ProblemError } from '../http/problems.ts';
import { reading } from '../http/reading.ts';
import { requireMatch, tagOf } from '../http/revisions.ts';
import { route } from '../http/route.ts';
import {
  answer,
  answerWithTag,
  bodyFailures,
  failures,
  idempotencyHeaders,
  jsonBody,
  keyFailures,
  matchHeaders,
  newRoutes,
  readFailures,
} from '../http/route-parts.ts';
import { fieldTexts } from '../http/texts.ts';
import type { LinkMaker } from '../links/shorten.ts';
import { readAbout } from '../programmes/record.ts';
import { wordingOf } from './agreement.ts';
import {
  createSignUpFormSchema,
  type SignUpForm,
  signUpDaysSchema,
  signUpFormListSchema,
  signUpFormSchema,
  updateSignUpFormSchema,
} from './contract.ts';
import { countSignUps, type FormRow, listForms, mostForms, readDays } from './store.ts';

const params = z.object({ form_id: formIdSchema });

const list = route(
  { resource: 'sign_up_forms', verb: 'list', needs: 'sign_up_forms.read' },
  {
    method: 'get',
    path: '/sign-up-forms',
    summary: 'List sign-up forms with how many signed up by them, the newest first',
    description: 'All of them, at most 100.',
    responses: { 200: answer(signUpFormListSchema, 'Sign-up forms'), ...failures(...readFailures) },
  },
);

const read = route(
  { resource: 'sign_up_forms', verb: 'read', needs: 'sign_up_forms.read' },
  {
    method: 'get',
    path: '/sign-up-forms/{form_id}',
    summary: 'Read a sign-up form',
    request: { params },
    responses: { 200: answerWithTag(signUpFormSchema, 'The form'), ...failures(...readFailures, 'not_found') },
  },
);

const days = route(
  { resource: 'sign_up_forms', verb: 'read', needs: 'sign_up_forms.read' },
  {
    method: 'get',
    path: '/sign-up-forms/{form_id}/days',
    summary: 'Count who signed up by a form on each of the last 30 days',
    request: { params },
    responses: { 200: answer(signUpDaysSchema, 'The days'), ...failures(...readFailures, 'not_found') },
  },
);

const create = route(
  {
    resource: 'sign_up_forms',
    verb: 'create',
    needs: 'sign_up_forms.write',
    audit: { action: 'sign_up_form.created', words: 'Added a sign-up form' },
  },
  {
    method: 'post',
    path: '/sign-up-forms',
    summary: 'Add a sign-up form',
    description:
      'Its page is at `url` at once, for whoever has the address. People sign up for a programme of marketing; `double_opt_in` needs one whose newest words have a question.',
    request: { headers: idempotencyHeaders, body: jsonBody(createSignUpFormSchema) },
    responses: {
      201: answerWithTag(signUpFormSchema, 'The form'),
      ...failures(...bodyFailures, ...keyFailures, 'sign_up_forms_limit'),
    },
  },
);

const update = route(
  {
    resource: 'sign_up_forms',
    verb: 'update',
    needs: 'sign_up_forms.write',
    audit: { action: 'sign_up_form.updated', words: 'Changed a sign-up form, or turned it on or off' },
  },
  {
    method: 'patch',
    path: '/sign-up-forms/{form_id}',
    summary: 'Change a sign-up form, or turn it on or off',
    description:
      'What is left out stays, and so does its address. Whoever has the page open sees the new words before they sign up.',
    request: { params, headers: matchHeaders.extend(idempotencyHeaders.shape), body: jsonBody(updateSignUpFormSchema) },
    responses: {
      200: answerWithTag(signUpFormSchema, 'The form'),
      ...failures(...bodyFailures, ...keyFailures, 'not_found', 'revision_required', 'stale'),
    },
  },
);

/** Pages on which people sign up. */
export function signUpFormRoutes(deps: RouteDeps<{ readonly links: LinkMaker }>) {
  const { clock, ids, links, publicUrl } = deps.engine;

  const showAll = async (scope: Scope, rows: readonly FormRow[]): Promise<SignUpForm[]> => {
    const countsOf = await countSignUps(
      scope,
      rows.map(({ id }) => id),
    );
    return rows.map((row) => ({
      id: shown('form', row.id),
      name: row.name,
      programme_id: shown('programme', row.programme_id),
      title: row.title,
      text: row.body,
      frequency: row.frequency,
      terms_url: row.terms_url,
      privacy_url: row.privacy_url,
      double_opt_in: row.double_opt_in,
      asks_name: row.asks_name,
      list_ids: row.list_ids.map((id) => shown('list', id)),
      hosts: [...row.hosts],
      enabled: row.enabled,
      url: `${publicUrl}/join/${row.code}`,
      agreement: wordingOf(row),
      ...countsOf(row.id),
      revision: row.revision,
      created_at: row.created_at.toISOString(),
      updated_at: row.updated_at.toISOString(),
    }));
  };

  /** @throws ProblemError `not_found`. */
  const required = async (scope: Scope, id: string): Promise<SignUpForm> => {
    const [form] = await showAll(scope, await listForms(scope, id));
    if (form === undefined) throw new ProblemError('not_found');
    return form;
  };

  const stored = async (work: Work, id: string) => {
    const form = await required(work, id);
    await writeTopic(work, { topic: 'sign_up_forms', ids: [form.id] });
    return changedDocument(deps, work, form);
  };

  return newRoutes()
    .openapi(list, async (c) => {
      const data = await reading(c, deps, async (scope) => showAll(scope, await listForms(scope)));
      return c.json({ data, next_cursor: null }, 200);
    })
    .openapi(read, async (c) => {
      const id = idFrom('form', c.req.valid('param').form_id);
      const form = await reading(c, deps, (scope) => required(scope, id));
      return c.json(form, 200, { etag: tagOf(form.revision) });
    })
    .openapi(days, async (c) => {
      const id = idFrom('form', c.req.valid('param').form_id);
      const data = await reading(c, deps, async (scope) => {
        await required(scope, id);
        return readDays(scope, id, clock.now());
      });
      return c.json({ data: [...data] }, 200);
    })
    .openapi(create, async (c) => {
      const { programme_id, list_ids, text, ...fields } = c.req.valid('json');
      const isSample = isSeed(c, deps.demo);
      const done = await effect(c, deps, create, signUpFormSchema, async (work) => {
        const { tx, workspaceId, now } = work;
        await lockWorkspace(work);
        if ((await listForms(work)).length >= mostForms) throw new ProblemError('sign_up_forms_limit');
        const named = {
          programme_id: await readProgrammeOf(work, programme_id, fields.double_opt_in),
          list_ids: await readListsOf(work, list_ids),
        };
        const id = ids.uuid();
        const times = { created_at: now, updated_at: now };
        await tx
          .insertInto('sign_up_forms')
          .values({
            workspace_id: workspaceId,
            id,
            code: links.code(),
            ...fields,
            ...named,
            body: text,
            is_sample: isSample,
            ...times,
          })
          .execute();
        return stored(work, id);
      });
      return c.json(done.body, 201, done.headers);
    })
    .openapi(update, async (c) => {
      const id = idFrom('form', c.req.valid('param').form_id);
      const { programme_id, list_ids, text, ...fields } = c.req.valid('json');
      const done = await effect(c, deps, update, signUpFormSchema, async (work) => {
        const { tx, workspaceId, now } = work;
        await lockWorkspace(work);
        const present = await required(work, id);
        requireMatch(c.req.header('if-match'), present.revision, () => present);
        const asks = fields.double_opt_in ?? present.double_opt_in;
        const isAboutProgramme = programme_id !== undefined || fields.double_opt_in !== undefined;
        const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
        await tx
          .updateTable('sign_up_forms')
          .set({
            ...given,
            ...(text === undefined ? {} : { body: text }),
            ...(isAboutProgramme
              ? { programme_id: await readProgrammeOf(work, programme_id ?? present.programme_id, asks) }
              : {}),
            ...(list_ids === undefined ? {} : { list_ids: await readListsOf(work, list_ids) }),
            is_sample: false,
            revision: present.revision + 1,
            updated_at: now,
          })
          .where('workspace_id', '=', workspaceId)
          .where('id', '=', id)
          .execute();
        return stored(work, id);
      });
      return c.json(done.body, 200, done.headers);
    });
}

/**
 * The programme that people are to sign up for.
 *
 * @throws ProblemError `validation_failed` where there is none, or it is not for marketing, or has no question that is to be asked.
 */
async function readProgrammeOf(scope: Scope, shownId: string, isAsked: boolean): Promise<string> {
  const { purpose, question, shown: words } = await readAbout(scope, { programme_id: shownId });
  if (purpose !== 'marketing' || words === null)
    throw fieldProblem(['programme_id'], 'sign_up_needs_marketing', fieldTexts.sign_up_needs_marketing);
  if (isAsked && question === null)
    throw fieldProblem(['double_opt_in'], 'question_missing', fieldTexts.question_missing);
  return words.programmeId;
}

/** @throws ProblemError `validation_failed` at a list that there is not. */
async function readListsOf(scope: Scope, shownIds: readonly string[]): Promise<string[]> {
  if (shownIds.length === 0) return [];
  const known = new Set((await listLists(scope)).map(({ id }) => id));
  const read = shownIds.map((text, index) => {
    const id = readShown('list', text);
    if (id === null || !known.has(id)) throw fieldProblem(['list_ids', index], 'list_unknown', fieldTexts.list_unknown);
    return id;
  });
  return [...new Set(read)];
}
