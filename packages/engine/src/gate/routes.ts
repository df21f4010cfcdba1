import { createHash } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { rules } from '@signalbox/nodes/gate/catalogue.gen';
import type { GateRule } from '@signalbox/nodes/gate/define-rule';
import { lockWorkspace } from '../access/home.ts';
import { writeTopic } from '../db/feed.ts';
import type { Scope } from '../db/work.ts';
import { changedDocument, effect } from '../http/effect.ts';
import type { RouteDeps } from '../http/env.ts';
import { toEntries } from '../http/field-errors.ts';
import { jsonSchemaOf } from '../http/json-schema-of.ts';
import { ProblemError } from '../http/problems.ts';
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
import {
  type GateRuleDocument,
  gateRuleListSchema,
  gateRuleSchema,
  ruleNameSchema,
  setGateRuleSchema,
} from './contract.ts';

const params = z.object({ rule: ruleNameSchema });

const list = route(
  { resource: 'rules', verb: 'list', needs: 'rules.read' },
  {
    method: 'get',
    path: '/gate/rules',
    summary: 'List the rules that every message passes, with what is set for them',
    responses: { 200: answer(gateRuleListSchema, 'Every rule'), ...failures(...readFailures) },
  },
);

const read = route(
  { resource: 'rules', verb: 'read', needs: 'rules.read' },
  {
    method: 'get',
    path: '/gate/rules/{rule}',
    summary: 'Read what is set for a rule',
    request: { params },
    responses: { 200: answerWithTag(gateRuleSchema, 'The rule'), ...failures(...readFailures, 'not_found') },
  },
);

const set = route(
  {
    resource: 'rules',
    verb: 'update',
    needs: 'rules.write',
    audit: { action: 'rule.set', words: 'Set a rule that messages pass' },
  },
  {
    method: 'patch',
    path: '/gate/rules/{rule}',
    summary: 'Set a rule',
    description:
      'Holds at once, for messages in the queue too: each is asked about again when it is about to go out. What is left out is as it is by default.',
    request: {
      params,
      headers: matchHeaders.extend(idempotencyHeaders.shape),
      body: jsonBody(setGateRuleSchema),
    },
    responses: {
      200: answerWithTag(gateRuleSchema, 'The rule'),
      ...failures(...bodyFailures, ...keyFailures, 'not_found', 'revision_required', 'stale'),
    },
  },
);

type Stored = { readonly settings: unknown; readonly updated_at: Date };

function show({ name, title, says, settings }: GateRule, stored: Stored | undefined): GateRuleDocument {
  const rule = {
    id: name,
    title,
    says,
    settings_schema: settings === null ? null : jsonSchemaOf(settings),
    settings: settings === null ? {} : settings.parse(stored?.settings ?? {}),
    updated_at: stored?.updated_at.toISOString() ?? null,
  };
  const told = JSON.stringify([rule.settings, rule.updated_at]);
  return { ...rule, revision: createHash('sha256').update(told).digest('hex').slice(0, 16) };
}

async function readStored({ tx, workspaceId }: Scope): Promise<Map<string, Stored>> {
  const rows = await tx
    .selectFrom('gate_rules')
    .select(['rule', 'settings', 'updated_at'])
    .where('workspace_id', '=', workspaceId)
    .execute();
  return new Map(rows.map((row) => [row.rule, row]));
}

function ruleOf(name: string): GateRule & { readonly settings: z.ZodObject } {
  const rule = rules.find((each) => each.name === name);
  if (rule === undefined || rule.settings === null) throw new Error(`There is no rule ${name} to set.`);
  return { ...rule, settings: rule.settings };
}

/** What a workspace sets for the rules of its gate. */
export function gateRoutes(deps: RouteDeps) {
  return newRoutes()
    .openapi(list, async (c) => {
      const stored = await reading(c, deps, readStored);
      return c.json({ data: rules.map((rule) => show(rule, stored.get(rule.name))), next_cursor: null }, 200);
    })
    .openapi(read, async (c) => {
      const rule = ruleOf(c.req.valid('param').rule);
      const stored = await reading(c, deps, readStored);
      const body = show(rule, stored.get(rule.name));
      return c.json(body, 200, { etag: tagOf(body.revision) });
    })
    .openapi(set, async (c) => {
      const rule = ruleOf(c.req.valid('param').rule);
      const given = rule.settings.strict().safeParse(c.req.valid('json').settings);
      if (!given.success) {
        const entries = given.error.issues.flatMap(toEntries);
        throw new ProblemError('validation_failed', {
          errors: entries.map((entry) => ({ ...entry, path: ['settings', ...entry.path] })),
        });
      }
      const done = await effect(c, deps, set, gateRuleSchema, async (work) => {
        const { tx, workspaceId, now } = work;
        // Two who set one rule at once: the second sees what the first did.
        await lockWorkspace(work);
        const current = show(rule, (await readStored(work)).get(rule.name));
        requireMatch(c.req.header('if-match'), current.revision, () => current);
        const row = { settings: JSON.stringify(given.data), from_upgrade: false, updated_at: now };
        await tx
          .insertInto('gate_rules')
          .values({ workspace_id: workspaceId, rule: rule.name, ...row })
          .onConflict((conflict) => conflict.columns(['workspace_id', 'rule']).doUpdateSet(row))
          .execute();
        await writeTopic(work, { topic: 'rules', ids: [rule.name] });
        return changedDocument(deps, work, show(rule, { settings: given.data, updated_at: now }));
      });
      return c.json(done.body, 200, done.headers);
    });
}
