import type { Reason } from '@signalbox/nodes/define/decision';
import type { AnswerWhen } from '@signalbox/nodes/text/answer-when';
import { keywordsIn, matchKeyword, meantKeyword, tokenise } from '@signalbox/nodes/text/keywords';
import { sql } from 'kysely';
import { type ArrivalDeps, enroll } from '../cohorts/arrivals.ts';
import type { Work } from '../db/work.ts';
import { shown } from '../http/ids.ts';
import { answersInCircles } from '../notices/answers-in-circles.ts';
import { raiseNotices, resolveNotices } from '../notices/store.ts';
import { loadReadable } from '../versions/version-cache.ts';
import { chooseTrigger, mostAnswers, type Spoken } from './choose-trigger.ts';
import { type Routed, toTheInbox } from './routed-text.ts';
import { type HeardText, readTriggers } from './triggers.ts';

/** The reasons by which a text says which automatic answer it got. */
const answeredAs = {
  closed: 'answered_closed',
  first: 'answered_first',
  missed: 'answered_missed',
  any: 'answered_any',
} as const;

/**
 * Lets the person into a live flow that their text starts: one that has its keyword, or one that answers texts that nothing else takes.
 * Else it goes to the inbox, and so does what came after five automatic answers within a minute: two machines would go on for ever.
 */
export async function startFlow(deps: ArrivalDeps, work: Work, text: HeardText): Promise<Routed> {
  const { tx, workspaceId } = work;
  const heard = await readTriggers(work, text, keywordsIn(text.body));
  const meant = heard.looksForMeant ? meantKeyword(text.body, await liveKeywords(work)) : null;
  const trigger = chooseTrigger(heard, spokenIn(text, meant));
  if (trigger === null) return toTheInbox;
  if ('refused' in trigger) return { ...toTheInbox, reason: { code: trigger.refused } };
  const subject = shown('contact', text.contactId);
  if (heard.answers >= mostAnswers) {
    await raiseNotices(deps, work, answersInCircles, [{ subject, values: {} }]);
    return { ...toTheInbox, reason: { code: 'answers_in_circles' } };
  }
  // Published by a build that knew other nodes: the text waits for a person.
  const version = await loadReadable(deps.versions, { tx, workspaceId }, trigger.versionId);
  if (version === null) return toTheInbox;
  if (heard.inCircles) await resolveNotices(work, answersInCircles, [subject]);
  const enrolled = await enroll(deps, work, {
    version,
    triggerStep: trigger.step,
    contactIds: [text.contactId],
    eventId: text.id,
  });
  const reason = enrolled.enrolled === 0 ? { code: 'already_in_flow' } : answeredBy(trigger.when, meant);
  return {
    handledBy: trigger.when === null ? 'keyword' : 'auto_response',
    consumedBy: null,
    reason,
    review: false,
    queued: false,
    flowIds: [trigger.flowId],
    runs: enrolled.runs,
    wake: [],
  };
}

/** Whether a live flow has a keyword that the text calls for, here and now. */
export async function callsKeyword(work: Work, text: HeardText): Promise<boolean> {
  const trigger = chooseTrigger(await readTriggers(work, text, keywordsIn(text.body)), spokenIn(text, null));
  return trigger !== null && 'when' in trigger && trigger.when === null;
}

/** Which answer a text got, with the keyword that it probably meant: `event.data.keyword` of the flow. */
function answeredBy(when: AnswerWhen | null, meant: string | null): Reason | null {
  if (when === null) return null;
  const code = answeredAs[when];
  return when === 'missed' && meant !== null ? { code, values: { keyword: meant.toUpperCase() } } : { code };
}

const spokenIn = ({ at, body }: HeardText, meant: string | null): Spoken => ({
  at,
  calls: (keyword, match) => matchKeyword(body, keyword, match),
  words: tokenise(body).length,
  meant,
});

/** Every keyword that a live flow has. */
async function liveKeywords({ tx, workspaceId }: Work): Promise<string[]> {
  const rows = await sql<{ value: string }>`
    SELECT DISTINCT t.value FROM flow_triggers t
    JOIN flows f ON f.workspace_id = t.workspace_id AND f.id = t.flow_id AND f.state = 'live' AND f.archived_at IS NULL
    WHERE t.workspace_id = ${workspaceId} AND t.kind = 'keyword'`.execute(tx);
  return rows.rows.map(({ value }) => value);
}
