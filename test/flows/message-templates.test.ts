import { letInPage } from '@signalbox/engine/cohorts/batches';
import { runStep } from '@signalbox/engine/cohorts/run-step';
import { statements } from '@signalbox/engine/db/connection';
import { idPrefixes } from '@signalbox/engine/http/ids';
import { readMessage } from '@signalbox/engine/inbox/message-detail';
import { showId } from '@signalbox/engine/runtime/ids';
import { readResults } from '@signalbox/engine/templates/results';
import { flow } from '@signalbox/nodes/flow/builder';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { type Harness, startHarness } from '../support/harness.ts';

let harness: Harness;
let used = 0;
beforeAll(async () => {
  harness = await startHarness({ work: false });
});
afterAll(() => harness.close());

const content = (texts: Readonly<Record<string, string>>) => ({
  default_language: 'en',
  texts: Object.entries(texts).map(([language, text]) => ({ language, text, missing: [] })),
});

/** A template or a snippet with its versions, as they are stored. */
async function store(
  key: string | null,
  ...versions: ReadonlyArray<Readonly<Record<string, string>>>
): Promise<string> {
  const { ids } = harness.engine;
  const [id, now] = [ids.uuid(), new Date()];
  const first = JSON.stringify(content(versions[0] ?? {}));
  await harness.inTx((tx) =>
    tx
      .insertInto('message_templates')
      .values({
        workspace_id: harness.workspaceId,
        id,
        kind: key === null ? 'template' : 'snippet',
        key,
        name: id,
        content: first,
        newest: versions.length,
        created_at: now,
        updated_at: now,
      })
      .execute(),
  );
  for (const [at, texts] of versions.entries()) await addVersion(id, at + 1, texts);
  return id;
}

async function addVersion(templateId: string, number: number, texts: Readonly<Record<string, string>>): Promise<void> {
  const { workspaceId, engine } = harness;
  await harness.inTx(async (tx) => {
    await tx
      .insertInto('message_template_versions')
      .values({
        workspace_id: workspaceId,
        id: engine.ids.uuid(),
        template_id: templateId,
        number,
        content: JSON.stringify(content(texts)),
        note: '',
        by_kind: 'test',
        by_id: '',
        created_at: new Date(),
      })
      .execute();
    await tx.updateTable('message_templates').set({ newest: number }).where('id', '=', templateId).execute();
  });
}

const shown = (id: string) => showId(idPrefixes.template, id);

/** What a cohort of this size is sent by one step, and the statements that it took; every second of them reads German, every third has no name. */
async function sendTo(size: number, config: z.input<typeof sendSms.config>) {
  const { engine, workspaceId } = harness;
  const w = flow(`Sends ${used}`);
  w.step('start', apiEvent, { event: `sends.now_${used}` }).to(
    'next',
    w.step('send', sendSms, { purpose: 'transactional', ...config }),
  );
  const { flowId } = await harness.publish(`Sends ${used}`, w.graph());
  const contacts = await harness.addContacts(size, used);
  used += size;
  const now = new Date();
  const batchId = engine.ids.uuid();
  await harness.inTx(async (tx) => {
    for (const [at, id] of contacts.entries())
      await tx
        .updateTable('contacts')
        .set({ ...(at % 2 === 0 ? {} : { language: 'de-AT' }), first_name: at % 3 === 0 ? null : `Sam ${at}` })
        .where('id', '=', id)
        .execute();
    await tx
      .insertInto('enrollment_batches')
      .values({
        workspace_id: workspaceId,
        id: batchId,
        flow_id: flowId,
        state: 'running',
        contact_ids: [...contacts].sort(),
        created_at: now,
      })
      .execute();
  });
  const page = await harness.inTx((tx) => letInPage(engine.arrivalDeps, { tx, workspaceId, now }, batchId));
  const [run] = page.runs;
  if (run === undefined) throw new Error('Nobody was let in.');
  const counted = statements.count;
  await runStep(engine.cohortDeps, {
    workspaceId,
    runId: run.runId,
    call: 0,
    step: run.step,
    cohorts: [0],
    firstCohort: 1,
    now: Date.now(),
    alone: true,
  });
  const taken = statements.count - counted;
  const sent = await harness.inTx((tx) =>
    sql<{ contact_id: string; body: string; version: number | null; language: string | null; gaps: boolean | null }>`
      SELECT m.contact_id, m.body, v.number AS version, m.template_language AS language, m.template_gaps AS gaps
      FROM messages m LEFT JOIN message_template_versions v ON v.workspace_id = m.workspace_id AND v.id = m.template_version_id
      WHERE m.flow_id = ${flowId}`.execute(tx),
  );
  const place = new Map(contacts.map((id, at) => [id, at]));
  return {
    statements: taken,
    sent: sent.rows
      .toSorted((a, b) => (place.get(a.contact_id) ?? 0) - (place.get(b.contact_id) ?? 0))
      .map(({ contact_id: _, ...message }) => message),
  };
}

test('people get the template in their language, the newest version or one that stays, with its snippets', async () => {
  const bye = await store('bye', { en: 'Bye.', de: 'Ade.' });
  const id = await store(
    null,
    { en: 'One {{ contact.first_name }}. {{ snippet.bye }}' },
    {
      en: 'Two {{ contact.first_name }}. {{ snippet.bye }}',
      de: 'Zwei {{ contact.first_name }}. {{ snippet.bye.v1 }}',
    },
  );
  const follows = { source: 'template', template: { id: shown(id) } } as const;
  const stays = { source: 'template', template: { id: shown(id), version: 1 } } as const;
  expect((await sendTo(3, follows)).sent).toEqual([
    { body: 'Two . Bye.', version: 2, language: 'en', gaps: true },
    { body: 'Zwei Sam 1. Ade.', version: 2, language: 'de', gaps: false },
    { body: 'Two Sam 2. Bye.', version: 2, language: 'en', gaps: false },
  ]);
  const [made] = await harness.inTx((tx) =>
    tx.selectFrom('messages').select('id').where('template_language', '=', 'de').execute(),
  );
  const detail = await harness.inTx((tx) => readMessage({ tx, workspaceId: harness.workspaceId }, made?.id ?? ''));
  expect(detail?.message.template).toEqual({ id, name: id, version: 2, language: 'de' });
  expect((await sendTo(2, stays)).sent).toEqual([
    { body: 'One . Bye.', version: 1, language: 'en', gaps: true },
    { body: 'One Sam 1. Bye.', version: 1, language: 'en', gaps: false },
  ]);
  await addVersion(bye, 2, { en: 'So long.', de: 'Tschüss.' });
  await addVersion(id, 3, { en: 'Three. {{ snippet.bye }}' });
  expect((await sendTo(2, follows)).sent.map(({ body, version }) => [body, version])).toEqual([
    ['Three. So long.', 3],
    ['Three. So long.', 3],
  ]);
  expect((await sendTo(2, stays)).sent.map(({ body }) => body)).toEqual(['One . So long.', 'One Sam 1. So long.']);
  expect((await sendTo(2, { text: 'Written here. {{ snippet.bye }}' })).sent).toEqual([
    { body: 'Written here. So long.', version: null, language: null, gaps: null },
    { body: 'Written here. Tschüss.', version: null, language: null, gaps: null },
  ]);
});

test('a template that is followed takes a statement more, its snippets another, for one person as for 500; one that stays takes none', async () => {
  await store('end', { en: 'End.' });
  const plain = await store(null, { en: 'Plain' });
  const snippet = await store(null, { en: 'With {{ snippet.end }}' });
  const template = (id: string, version: number | null = null) =>
    ({ source: 'template', template: { id: shown(id), version } }) as const;
  const taken = async (size: number, config: z.input<typeof sendSms.config>) => (await sendTo(size, config)).statements;
  // What is new to the process is read once more.
  for (const id of [plain, snippet]) for (const version of [null, 1]) await taken(1, template(id, version));
  await taken(1, { text: 'Plain' });
  const written = await taken(1, { text: 'Plain' });
  const rows = [
    [{ text: 'Plain' }, 0],
    [template(plain), 1],
    [template(plain, 1), 0],
    [template(snippet), 2],
    [template(snippet, 1), 1],
    [{ text: 'Written {{ snippet.end }}' }, 1],
  ] as const;
  for (const [config, more] of rows)
    expect([config, await taken(1, config), await taken(500, config)]).toEqual([
      config,
      written + more,
      written + more,
    ]);
});

test('who lacks what the text cannot do without is not sent it, with the reason; the others are', async () => {
  const { sent } = await sendTo(4, {
    text: 'Hi {{ contact.first_name }}',
    missing: [{ variable: 'contact.first_name', do: 'skip' }],
  });
  expect(sent.map(({ body }) => body)).toEqual(['Hi Sam 1', 'Hi Sam 2']);
});

test('results count people, by version, language and gaps, and put replies and opt-outs down to the last message before', async () => {
  const id = await store(null, { en: 'Hi {{ contact.first_name }}', de: 'Hallo' });
  await sendTo(6, { source: 'template', template: { id: shown(id) } });
  const minutes = (n: number) => new Date(Date.now() + n * 60_000);
  const { workspaceId, engine } = harness;
  await harness.inTx(async (tx) => {
    const rows = await sql<{ id: string; contact_id: string; account_id: string; sender: string; number: string }>`
      SELECT m.id, m.contact_id, m.account_id, m.sender, m.number FROM messages m
      JOIN message_template_versions v ON v.workspace_id = m.workspace_id AND v.id = m.template_version_id
      WHERE v.template_id = ${id} ORDER BY m.contact_id`.execute(tx);
    const people = rows.rows;
    const text = (at: number, when: Date, handledBy = 'unhandled') => {
      const { id: _, ...of } = people[at] ?? { id: '', contact_id: '', account_id: '', sender: '', number: '' };
      return {
        workspace_id: workspaceId,
        id: engine.ids.uuid(),
        ...of,
        direction: 'in' as const,
        state: 'received' as const,
        body: 'x',
        segments: 1,
        encoding: 'GSM-7',
        handled_by: handledBy,
        provider_id: crypto.randomUUID(),
        created_at: when,
      };
    };
    // The last of them is still in the queue.
    for (const { id: messageId } of people.slice(0, 5))
      await tx
        .updateTable('messages')
        .set({ state: 'delivered', accepted_at: minutes(0), delivered_at: minutes(1) })
        .where('id', '=', messageId)
        .execute();
    const another = {
      ...text(1, minutes(0)),
      direction: 'out' as const,
      state: 'accepted' as const,
      provider_id: null,
      handled_by: null,
      accepted_at: minutes(5),
    };
    await tx
      .insertInto('messages')
      .values([
        text(0, minutes(2)),
        text(0, minutes(3)),
        another,
        text(1, minutes(6)),
        text(2, minutes(60 * 100)),
        text(3, minutes(2), 'compliance'),
      ])
      .execute();
    await tx
      .updateTable('numbers')
      .set({ suppressed_at: minutes(2), suppressed_reason: 'stop' })
      .where('number', '=', people[3]?.number ?? '')
      .execute();
  });
  const results = await harness.inTx((tx) => readResults({ tx, workspaceId }, id));
  expect(results).toMatchObject({ messages: 5, complete: true, hours: 72 });
  const all = results.data.find(({ language, gaps }) => language === null && gaps === null);
  expect(all).toMatchObject({
    version: 1,
    sent: 5,
    delivered: { people: 5, high: 1 },
    clicked: { people: 0, low: 0 },
    replied: { people: 1 },
    opted_out: { people: 1 },
  });
  expect(all?.replied.low).toBeCloseTo(0.0362, 3);
  expect(all?.replied.high).toBeCloseTo(0.6245, 3);
  const parts = results.data.filter((row) => row !== all);
  expect(parts.map(({ language, gaps, sent }) => [language, gaps, sent])).toEqual([
    [null, false, expect.any(Number)],
    [null, true, expect.any(Number)],
    ['de', null, expect.any(Number)],
    ['en', null, expect.any(Number)],
  ]);
  expect(parts.filter(({ language }) => language !== null).reduce((sum, { sent }) => sum + sent, 0)).toBe(5);
});
