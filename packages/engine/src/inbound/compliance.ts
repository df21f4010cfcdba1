import { type SuppressionReason, suppressionReasons } from '@signalbox/nodes/define/consent-codes';
import { matchCompliance } from '@signalbox/nodes/text/compliance-words';
import { numberSpellings } from '@signalbox/nodes/text/one-number';
import { sql } from 'kysely';
import type { ArrivalDeps } from '../cohorts/arrivals.ts';
import { endEnrollments } from '../cohorts/end-enrollments.ts';
import { noRuns } from '../cohorts/run-ref.ts';
import { recordConsent } from '../consent/store.ts';
import { lockAllOf } from '../contacts/one-person.ts';
import type { Scope, Work } from '../db/work.ts';
import { askBeforeQueueing } from '../gate/ask.ts';
import { chooseSenders, readRouting } from '../routing/store.ts';
import { queueMessages } from '../sending/queue.ts';
import type { Routed, RoutedText } from './routed-text.ts';

/** What we answer where the account says that we do. CTIA: brand, what happened, how to undo it. */
const answers = {
  stop: (brand: string) =>
    `${brand}: You are unsubscribed and will get no more messages. Reply START to subscribe again.`,
  start: (brand: string) =>
    `${brand}: You are subscribed again. Reply HELP for help, STOP to unsubscribe. Msg&data rates may apply.`,
  help: (brand: string) => `${brand}: Reply STOP to unsubscribe. Msg&data rates may apply.`,
};

/**
 * Acts on STOP, START and HELP, whether we see the word or the carrier says that it did. STOP always acts, HELP is always answered; an opt-in word acts only for someone suppressed or
 * never consented who has no waiting enrollment. Where the account says that the carrier answers, we answer what it does not.
 *
 * @returns null where the text is an ordinary one.
 */
export async function handleCompliance(
  deps: ArrivalDeps,
  work: Work,
  text: RoutedText,
  hasWaiting: boolean,
): Promise<Routed | null> {
  const { tx, workspaceId } = work;
  const read = matchCompliance(text.body);
  if (read === null && text.carrierWord === null) return null;
  const account = await tx
    .selectFrom('accounts')
    .select(['opt_out_handling', 'brand'])
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', text.accountId)
    .executeTakeFirstOrThrow();
  const carrier = account.opt_out_handling === 'carrier' ? text.carrierWord : null;
  // What the carrier was told to do it has done: its word goes before our reading, but for a STOP that only we see.
  const match = carrier?.stated === true && read?.kind !== 'stop' ? { kind: carrier.kind, exact: true } : read;
  if (match === null) return null;
  const ours = carrier === null || carrier.kind !== match.kind;
  let flowIds: string[] = [];
  let answer = ours;
  let wake: readonly string[] = [];
  if (match.kind === 'stop') {
    const stopped = await optOut(deps, work, text, match.exact ? 'keyword_stop' : 'text_stop');
    flowIds = stopped.flowIds;
    wake = stopped.wake;
    answer = ours && stopped.changed;
  } else if (match.kind === 'start') {
    // Whoever can only be guessed to be the provider silences people, and never opens them again.
    if (!text.trusted) return null;
    // A late yes to a question of anybody's is no consent: it takes back a STOP, and nothing else.
    const isYes = read?.word === 'YES';
    const standing = await optInStanding(work, text);
    if (hasWaiting || !(standing.suppressed || (!standing.consented && !isYes))) return null;
    // By its documented words a carrier confirms opting in only to someone it had blocked.
    answer = ours || (carrier?.stated === false && !standing.suppressed);
    await optIn(deps, work, text, isYes);
  }
  return {
    handledBy: 'compliance',
    consumedBy: null,
    review: !match.exact,
    queued: answer && (await queueAnswer(deps, work, text, answers[match.kind](account.brand))),
    flowIds,
    runs: noRuns,
    wake,
  };
}

/**
 * Queues what confirms a STOP, START or HELP. It passes the gate by the exemption that the law gives it, and by nothing else.
 *
 * @returns false where the gate refuses it all the same.
 */
async function queueAnswer(
  deps: ArrivalDeps,
  work: Work,
  { contactId, from, to: texted }: RoutedText,
  answer: string,
): Promise<boolean> {
  const exemption = 'compliance_answer';
  const draft = { text: answer, purpose: 'transactional', lane: 'transactional' } as const;
  const to = { contactId, number: from, purpose: draft.purpose, preferredSender: texted };
  const [chosen] = await chooseSenders(work, await readRouting(work), [to], work.now);
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
): Promise<{ readonly suppressed: boolean; readonly consented: boolean }> {
  const { tx, workspaceId } = work;
  const rows = await sql<{ suppressed: boolean; consented: boolean }>`
    SELECT
      EXISTS (SELECT 1 FROM numbers WHERE workspace_id = ${workspaceId} AND number = ANY(${spellingsOf(text.from)}::text[]) AND suppressed_at IS NOT NULL) AS suppressed,
      EXISTS (SELECT 1 FROM consent_ledger WHERE workspace_id = ${workspaceId} AND contact_id = ${text.contactId} AND action = 'granted') AS consented`.execute(
    tx,
  );
  return rows.rows[0] ?? { suppressed: false, consented: true };
}

/**
 * Suppresses a number in every way of writing it, revokes every purpose and ends every enrollment of whoever it is, now. The contact must be locked.
 * `changed` is false where the number was suppressed before: a confirmation goes out exactly once.
 */
export async function optOut(
  deps: ArrivalDeps,
  work: Work,
  who: { readonly contactId: string; readonly from: string; readonly id: string | null; readonly body: string | null },
  method: SuppressionReason,
): Promise<{ readonly changed: boolean; readonly flowIds: string[]; readonly wake: readonly string[] }> {
  const { tx, workspaceId, now } = work;
  const suppressed = await sql`
    INSERT INTO numbers AS n (workspace_id, number, suppressed_at, suppressed_reason)
    SELECT ${workspaceId}::uuid, x, ${now}::timestamptz, ${method}::text FROM unnest(${spellingsOf(who.from)}::text[]) AS x ORDER BY x
    ON CONFLICT (workspace_id, number) DO UPDATE SET suppressed_at = excluded.suppressed_at, suppressed_reason = excluded.suppressed_reason
    WHERE n.suppressed_at IS NULL
    RETURNING 1`.execute(tx);
  const changed = suppressed.rows.length > 0;
  const contactIds = [...new Set([who.contactId, ...(await lockAllOf({ tx, workspaceId }, who.from))])];
  const granted = await sql<{ contact_id: string; purpose: string }>`
    SELECT contact_id, purpose FROM consents
    WHERE workspace_id = ${workspaceId} AND contact_id = ANY(${contactIds}::uuid[]) AND state = 'granted'`.execute(tx);
  const revoked = contactIds.flatMap((contactId) => {
    const own = granted.rows.filter((row) => row.contact_id === contactId).map((row) => row.purpose);
    const purposes = new Set([...own, ...(changed && contactId === who.contactId ? ['marketing'] : [])]);
    return [...purposes].map((purpose) => ({ contactId, purpose }));
  });
  await recordConsent(
    work,
    revoked.map(({ contactId, purpose }) => ({
      id: deps.ids.uuid(),
      contactId,
      purpose,
      action: 'revoked',
      method,
      wording: null,
      sourceMessageId: who.id,
      flowId: null,
      enrollmentId: null,
      hop: null,
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
  return { changed, flowIds: [...new Set(rows.rows.map((row) => row.flow_id))], wake };
}

function spellingsOf(number: string): string[] {
  return [...numberSpellings(number)];
}

/**
 * Lifts the suppression and grants again what was granted before; for someone who never consented, marketing. A yes takes back what the
 * STOP did and nothing else: what was never granted, or revoked in another way, stays as it is.
 */
async function optIn(deps: ArrivalDeps, work: Work, text: RoutedText, isYes: boolean): Promise<void> {
  const { tx, workspaceId } = work;
  await sql`
    UPDATE numbers SET suppressed_at = NULL, suppressed_reason = NULL
    WHERE workspace_id = ${workspaceId} AND number = ANY(${spellingsOf(text.from)}::text[])`.execute(tx);
  const earlier = await sql<{ purpose: string; last: string }>`
    SELECT purpose, (array_agg(action ORDER BY id DESC) FILTER (WHERE method <> ALL(${[...suppressionReasons]}::text[])))[1] AS last
    FROM consent_ledger WHERE workspace_id = ${workspaceId} AND contact_id = ${text.contactId}
    GROUP BY purpose HAVING bool_or(action = 'granted')`.execute(tx);
  const granted = earlier.rows.filter(({ last }) => !isYes || last === 'granted').map(({ purpose }) => purpose);
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
    })),
  );
}
