import { type SuppressionReason, suppressionReasons } from '@signalbox/nodes/define/consent-codes';
import { placeOfNumber } from '@signalbox/nodes/gate/number-place';
import { answersIn } from '@signalbox/nodes/text/compliance-answers';
import { matchCompliance } from '@signalbox/nodes/text/compliance-words';
import { formatMessage } from '@signalbox/nodes/text/format-message';
import { canonicalNumber, numberSpellings } from '@signalbox/nodes/text/one-number';
import { sql } from 'kysely';
import { endEnrollments } from '../cohorts/end-enrollments.ts';
import { noRuns } from '../cohorts/run-ref.ts';
import { confirmOptIns, type PendingOptIn, pendingOptIns } from '../consent/double-opt-in.ts';
import { noProof, recordConsent } from '../consent/store.ts';
import { liftOptOuts, suppressNumbers } from '../contacts/numbers.ts';
import { type FoundContact, lockAllOf } from '../contacts/one-person.ts';
import type { Scope, Work } from '../db/work.ts';
import { askBeforeQueueing } from '../gate/ask.ts';
import type { Recorder } from '../http/recorder.ts';
import { chooseSenders, readRouting } from '../routing/store.ts';
import { queueMessages } from '../sending/queue.ts';
import type { InboundDeps } from './inbound-deps.ts';
import type { Routed, RoutedText } from './routed-text.ts';
import { callsKeyword } from './start-flow.ts';

/**
 * Acts on STOP, START and HELP, whether we see the word or the carrier says that it did. STOP always acts, HELP is always answered; a
 * language's own word for help only where no live flow has it for a keyword; an opt-in word acts only for someone suppressed or never
 * consented who has no waiting enrollment. Where the account says that the carrier answers, we answer what it does not.
 *
 * @returns null where the text is an ordinary one.
 */
export async function handleCompliance(
  deps: InboundDeps,
  work: Work,
  text: RoutedText,
  hasWaiting: boolean,
): Promise<Routed | null> {
  const { tx, workspaceId } = work;
  // Of words that hold somewhere; most texts have none, and cost nothing more.
  if (matchCompliance(text.body) === null && text.carrierWord === null) return null;
  const account = await tx
    .selectFrom('accounts')
    .innerJoin('workspaces', 'workspaces.workspace_id', 'accounts.workspace_id')
    .select([
      'accounts.opt_out_handling',
      'accounts.brand',
      'workspaces.language',
      'workspaces.stop_answer',
      'workspaces.start_answer',
      'workspaces.help_answer',
    ])
    .where('accounts.workspace_id', '=', workspaceId)
    .where('accounts.id', '=', text.accountId)
    .executeTakeFirstOrThrow();
  const { country } = placeOfNumber(text.from);
  const read = matchCompliance(text.body, { country, language: account.language });
  const carrier = account.opt_out_handling === 'carrier' ? text.carrierWord : null;
  // What the carrier was told to do it has done: its word goes before our reading, but for a STOP that only we see.
  const match = carrier?.stated === true && read?.kind !== 'stop' ? { kind: carrier.kind, exact: true } : read;
  if (match === null) return null;
  if (match === read && read?.yields === true && (await callsKeyword(work, { ...text, at: work.now }))) return null;
  const texts = answersIn([read?.language ?? null, account.language]);
  const answers = {
    stop: account.stop_answer ?? texts.stop,
    start: account.start_answer ?? texts.start,
    help: account.help_answer ?? texts.help,
  };
  const say = (words: string) => queueAnswer(deps, work, text, `${account.brand}: ${words}`);
  const ours = carrier === null || carrier.kind !== match.kind;
  let flowIds: readonly string[] = [];
  let answer = ours;
  let wake: readonly string[] = [];
  if (match.kind === 'stop') {
    const who = { numbers: [text.from], contactId: text.contactId, messageId: text.id };
    const reason = match.exact ? 'keyword_stop' : 'text_stop';
    const stopped = await optOut(deps, work, who, { reason, note: null, by: null });
    flowIds = stopped.flowIds;
    wake = stopped.wake;
    answer = ours && stopped.changed.length > 0;
  } else if (match.kind === 'start') {
    // Whoever can only be guessed to be the provider silences people, and never opens them again.
    if (!text.trusted) return null;
    const asked = await answersOptIn(work, text, hasWaiting);
    if (asked.length > 0) {
      await confirmOptIns(deps, work, text, asked);
      const about = asked.map(({ name }) => name).join(', ');
      return compliance(await say(formatMessage(texts.confirmed, { programme: about })));
    }
    // In other languages a yes only answers: no carrier takes it for more.
    if (match === read && read?.confirms === true) return null;
    // A late yes to a question of anybody's is no consent: it takes back a STOP, and nothing else.
    const isYes = read?.word === 'YES';
    const standing = await optInStanding(work, text);
    if (hasWaiting || !(standing.optedOut || (!standing.consented && !isYes))) return null;
    const open = await optIn(deps, work, text, isYes);
    // By its documented words a carrier confirms opting in only to someone it had blocked.
    answer = open && (ours || (carrier?.stated === false && !standing.optedOut));
  }
  return {
    ...compliance(answer && (await say(answers[match.kind]))),
    review: !match.exact,
    flowIds,
    wake,
  };
}

/** What a compliance word is, where nobody was in a flow. */
const compliance = (queued: boolean): Routed => ({
  handledBy: 'compliance',
  consumedBy: null,
  review: false,
  queued,
  flowIds: [],
  runs: noRuns,
  wake: [],
});

/**
 * What somebody confirms with a yes: what they were asked and did not answer yet. Where a flow waits for them, only if the question was the
 * last that they got. A number that is suppressed is asked nothing, and confirms nothing.
 */
async function answersOptIn(
  work: Work,
  { contactId, from }: RoutedText,
  hasWaiting: boolean,
): Promise<readonly PendingOptIn[]> {
  const pending = await pendingOptIns(work, contactId);
  const asked = pending.filter((each) => !hasWaiting || each.asked_last);
  return asked.length === 0 || (await isSuppressed(work, from)) ? [] : asked;
}

/**
 * Queues what confirms a STOP, START or HELP. It passes the gate by the exemption that the law gives it, and by nothing else.
 *
 * @returns false where the gate refuses it all the same.
 */
async function queueAnswer(
  deps: InboundDeps,
  work: Work,
  { contactId, from, to: texted }: RoutedText,
  answer: string,
): Promise<boolean> {
  const exemption = 'compliance_answer';
  const draft = { text: answer, purpose: 'transactional', lane: 'transactional' } as const;
  const to = { contactId, number: from, purpose: draft.purpose, preferredSender: texted };
  const [chosen] = await chooseSenders(work, await readRouting(work, work.now), [to], work.now);
  const [verdict] = await askBeforeQueueing(
    work,
    [
      {
        ...draft,
        contactId,
        number: from,
        sender: chosen?.sender.address ?? null,
        queued: null,
        segments: null,
        flowId: null,
      },
    ],
    exemption,
  );
  if (verdict === undefined || verdict.kind === 'refuse' || chosen == null) return false;
  await queueMessages(work, { flowId: null }, [
    {
      id: deps.ids.uuid(),
      contactId,
      number: from,
      sender: chosen.sender,
      routeId: chosen.routeId,
      enrollmentId: null,
      hop: null,
      draft,
      later: verdict.kind === 'later' ? verdict : null,
      exemption,
    },
  ]);
  return true;
}

async function optInStanding(
  work: Scope,
  text: RoutedText,
): Promise<{ readonly optedOut: boolean; readonly consented: boolean }> {
  const { tx, workspaceId } = work;
  const rows = await sql<{ opted_out: boolean; consented: boolean }>`
    SELECT
      EXISTS (SELECT 1 FROM suppressions WHERE workspace_id = ${workspaceId} AND number = ANY(${[...numberSpellings(text.from)]}::text[]) AND reason <> 'blocked') AS opted_out,
      EXISTS (SELECT 1 FROM consent_ledger WHERE workspace_id = ${workspaceId} AND contact_id = ${text.contactId} AND action IN ('granted', 'confirmed')) AS consented`.execute(
    tx,
  );
  const row = rows.rows[0];
  return { optedOut: row?.opted_out ?? false, consented: row?.consented ?? true };
}

async function isSuppressed({ tx, workspaceId }: Scope, number: string): Promise<boolean> {
  const rows = await sql`
    SELECT 1 FROM numbers WHERE workspace_id = ${workspaceId} AND number = ANY(${[...numberSpellings(number)]}::text[]) AND suppressed_at IS NOT NULL`.execute(
    tx,
  );
  return rows.rows.length > 0;
}

/** Whose numbers are suppressed: everybody who has one of them; `contactId` is who says so, where it is one of them. */
type Opting = {
  readonly numbers: readonly string[];
  readonly contactId: string | null;
  readonly messageId: string | null;
};

export type OptedOut = {
  /** Those that could be texted before: a confirmation goes out exactly once. */
  readonly changed: readonly string[];
  readonly contactIds: readonly string[];
  readonly flowIds: readonly string[];
  readonly wake: readonly string[];
};

/**
 * Suppresses numbers in every way of writing them, revokes every purpose and ends every enrollment of whoever they are, now: somebody
 * who texted STOP, whom a carrier blocks, or whom the workspace does. A fixed number of statements, however many.
 */
export async function optOut(
  deps: InboundDeps,
  work: Work,
  who: Opting,
  why: { readonly reason: SuppressionReason; readonly note: string | null; readonly by: Recorder | null },
): Promise<OptedOut> {
  const { tx, workspaceId } = work;
  const { reason: method, by } = why;
  const people = await lockAllOf(work, who.numbers);
  const changed = await suppressNumbers(deps, work, who.numbers, why);
  const contactIds = [...new Set([...(who.contactId === null ? [] : [who.contactId]), ...people.map(({ id }) => id)])];
  const granted = await sql<{ contact_id: string; purpose: string }>`
    SELECT contact_id, purpose FROM consents
    WHERE workspace_id = ${workspaceId} AND contact_id = ANY(${contactIds}::uuid[]) AND state IN ('granted', 'pending')`.execute(
    tx,
  );
  const own = Map.groupBy(granted.rows, (row) => row.contact_id);
  const saidSo = saying(who, people, method === 'blocked' ? [] : changed);
  await recordConsent(
    work,
    contactIds
      .flatMap((contactId) => {
        const purposes = new Set(own.get(contactId)?.map((row) => row.purpose));
        if (saidSo.has(contactId)) purposes.add('marketing');
        return [...purposes].map((purpose) => ({ contactId, purpose }));
      })
      .map(({ contactId, purpose }) => ({
        id: deps.ids.uuid(),
        contactId,
        purpose,
        action: 'revoked',
        method,
        wording: null,
        sourceMessageId: who.messageId,
        flowId: null,
        enrollmentId: null,
        hop: null,
        proof: { ...noProof, source: why.note, by },
      })),
  );
  const rows = await sql<{
    id: string;
    flow_id: string;
    version_id: string;
    hop: number;
    step: number;
    event_id: string | null;
  }>`
    SELECT id, flow_id, version_id, hop, step, event_id FROM enrollments
    WHERE workspace_id = ${workspaceId} AND contact_id = ANY(${contactIds}::uuid[]) ORDER BY id FOR NO KEY UPDATE`.execute(
    tx,
  );
  const enrollments = rows.rows.map(({ id, flow_id, version_id, hop, step, event_id }) => ({
    id,
    flowId: flow_id,
    versionId: version_id,
    hop,
    step,
    eventId: event_id,
  }));
  const reason = { code: 'opted_out', values: { method } };
  const { wake } = await endEnrollments(deps, work, enrollments, 'stopped', reason);
  return { changed, contactIds, flowIds: [...new Set(rows.rows.map((row) => row.flow_id))], wake };
}

/** Whose word it is that no more marketing comes, also where they never consented to any: of the numbers that were open until now. */
function saying(who: Opting, people: readonly FoundContact[], changed: readonly string[]): ReadonlySet<string> {
  if (changed.length === 0) return new Set();
  if (who.contactId !== null) return new Set([who.contactId]);
  const closed = new Set(changed);
  return new Set(people.flatMap(({ id, phone }) => (closed.has(canonicalNumber(phone)) ? [id] : [])));
}

/**
 * Lifts the opt-outs and grants again what was granted before; for someone who never consented, marketing. A yes takes back what the
 * STOP did and nothing else: what was never granted, or revoked in another way, stays as it is, and so does a block by the workspace.
 *
 * @returns whether they may be texted again.
 */
async function optIn(deps: InboundDeps, work: Work, text: RoutedText, isYes: boolean): Promise<boolean> {
  const { tx, workspaceId } = work;
  const open = await liftOptOuts(work, text.from);
  const earlier = await sql<{ purpose: string; last: string }>`
    SELECT purpose, (array_agg(action ORDER BY id DESC) FILTER (WHERE method <> ALL(${[...suppressionReasons]}::text[])))[1] AS last
    FROM consent_ledger WHERE workspace_id = ${workspaceId} AND contact_id = ${text.contactId}
    GROUP BY purpose HAVING bool_or(action IN ('granted', 'confirmed'))`.execute(tx);
  const granted = earlier.rows
    .filter(({ last }) => !isYes || last === 'granted' || last === 'confirmed')
    .map(({ purpose }) => purpose);
  const purposes = earlier.rows.length === 0 && !isYes ? ['marketing'] : granted;
  await recordConsent(
    work,
    purposes.map((purpose) => ({
      id: deps.ids.uuid(),
      contactId: text.contactId,
      purpose,
      action: 'granted',
      method: 'keyword_start',
      wording: text.body,
      sourceMessageId: text.id,
      flowId: null,
      enrollmentId: null,
      hop: null,
      proof: noProof,
    })),
  );
  return open;
}
