import type { ConsentMethod } from '@signalbox/nodes/define/consent-codes';
import type { Reason } from '@signalbox/nodes/define/decision';
import type { Purpose } from '@signalbox/nodes/define/ports';
import { optInLifeMs, timesAsked } from '../consent/double-opt-in.ts';
import { type ConsentProof, consentStates, recordConsent } from '../consent/store.ts';
import type { NumberDeps } from '../contacts/numbers.ts';
import type { Scope, Work } from '../db/work.ts';
import { readShown, shown } from '../http/ids.ts';
import { fieldProblem } from '../http/problems.ts';
import { type FieldCode, fieldTexts } from '../http/texts.ts';
import { sendMessages } from '../inbox/send-messages.ts';
import { readProgramme } from './store.ts';

/** What a consent is about, and the words that it names. */
export type About = {
  readonly purpose: Purpose;
  readonly shown: ConsentProof['shown'];
  /** The text that asks for it; null where there is none. */
  readonly question: string | null;
};

const problem = (field: string, code: FieldCode) => fieldProblem([field], code, fieldTexts[code]);

/**
 * What somebody means who names a programme, with one version of its words or the newest, or just a purpose.
 *
 * @throws ProblemError `validation_failed` at what there is not.
 */
export async function readAbout(
  scope: Scope,
  named: {
    readonly programme_id?: string | undefined;
    readonly version?: number | undefined;
    readonly purpose?: Purpose | undefined;
  },
): Promise<About> {
  const { programme_id, version, purpose } = named;
  if ((programme_id === undefined) === (purpose === undefined)) throw problem('programme_id', 'programme_or_purpose');
  if (purpose !== undefined) {
    if (version !== undefined) throw problem('version', 'version_unknown');
    return { purpose, shown: null, question: null };
  }
  const id = readShown('programme', programme_id ?? '');
  const programme = id === null ? null : await readProgramme(scope, id);
  if (programme === null) throw problem('programme_id', 'programme_unknown');
  if (programme.archived_at !== null) throw problem('programme_id', 'programme_archived');
  const words = programme.versions.find((each) => version === undefined || each.version === version);
  if (words === undefined) throw problem('version', 'version_unknown');
  return {
    purpose: programme.purpose,
    shown: { programmeId: programme.id, version: words.version },
    question: words.question,
  };
}

type Said = {
  readonly contactId: string;
  readonly method: ConsentMethod;
  readonly wording: string | null;
  readonly proof: ConsentProof;
};

/** Writes down what people said of one purpose. They must be locked. */
export function recordSaid(
  deps: NumberDeps,
  work: Work,
  purpose: Purpose,
  action: 'granted' | 'revoked' | 'requested',
  said: ReadonlyArray<Said & { readonly messageId: string | null }>,
): Promise<void> {
  const entries = said.map(({ messageId, ...each }) => ({
    ...each,
    id: deps.ids.uuid(),
    purpose,
    action,
    sourceMessageId: messageId,
    flowId: null,
    enrollmentId: null,
    hop: null,
  }));
  return recordConsent(work, entries, new Date(work.now.getTime() + optInLifeMs));
}

/** What became of somebody who is asked to confirm. */
export type Asked = {
  readonly contactId: string;
  readonly outcome: 'asked' | 'unchanged' | 'refused';
  readonly reason: Reason | null;
};

/** Whoever is signed up again and again is asked twice in a month, and not by everybody who types in their number. */
const mostAsked = 2;
const askedForMs = 30 * 86_400_000;

/**
 * Asks people by text to confirm what they signed up for, once: who has consented, and who is being asked already, is left alone. The
 * question is an ordinary transactional message that the gate is asked about (docs/decisions/0021). The people must be locked.
 *
 * @returns what became of each, in order.
 */
export async function askToConfirm(
  deps: NumberDeps,
  work: Work,
  about: About & { readonly question: string },
  people: readonly Said[],
): Promise<Asked[]> {
  const { purpose, question } = about;
  const ids = people.map(({ contactId }) => contactId);
  const states = await consentStates(
    work,
    ids.map((contactId) => ({ contactId, purpose })),
  );
  const times = await timesAsked(work, ids, purpose, new Date(work.now.getTime() - askedForMs));
  const standing = people.map((person, index) => {
    const state = states[index];
    if (state === 'granted' || state === 'pending') return { person, outcome: 'unchanged' as const };
    const often = (times.get(person.contactId) ?? 0) >= mostAsked;
    return { person, outcome: often ? ('too_often' as const) : ('ask' as const) };
  });
  const asking = standing.flatMap(({ person, outcome }) => (outcome === 'ask' ? [person] : []));
  const sent = await sendMessages(deps, work, {
    messages: asking.map(({ contactId }) => ({ contact_id: shown('contact', contactId), text: question })),
    purpose: 'transactional',
    lane: undefined,
    sender: undefined,
    sendAt: undefined,
    validMs: undefined,
    shortening: null,
  });
  const became = new Map(sent.map((message) => [message.contactId, message]));
  await recordSaid(
    deps,
    work,
    purpose,
    'requested',
    asking.flatMap((person) => {
      const message = became.get(person.contactId);
      return message?.state === 'queued' ? [{ ...person, messageId: message.id }] : [];
    }),
  );
  return standing.map(({ person: { contactId }, outcome }) => {
    if (outcome === 'unchanged') return { contactId, outcome, reason: null };
    if (outcome === 'too_often') return { contactId, outcome: 'refused', reason: { code: 'asked_too_often' } };
    const message = became.get(contactId);
    return message?.state === 'queued'
      ? { contactId, outcome: 'asked', reason: message.reason }
      : { contactId, outcome: 'refused', reason: message?.reason ?? null };
  });
}
