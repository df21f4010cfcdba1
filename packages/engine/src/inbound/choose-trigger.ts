import { type AnswerWhen, answerWhens } from '@signalbox/nodes/text/answer-when';
import type { KeywordMatch } from '@signalbox/nodes/text/keywords';
import { isOpenAt, isWithinHours } from '@signalbox/nodes/time/opening-hours';
import type { Heard, StoredTrigger } from './triggers.ts';

/** Automatic answers that one number gets within a minute, before its next text goes to a person. */
export const mostAnswers = 5;

/** What is known of a text without the database. */
export type Spoken = {
  readonly at: Date;
  readonly calls: (keyword: string, match: KeywordMatch) => boolean;
  /** How many words it has. */
  readonly words: number;
  /** The keyword that it probably meant. */
  readonly meant: string | null;
};

/** The trigger that takes a text; `when` is null for a keyword. */
type Chosen = {
  readonly flowId: string;
  readonly versionId: string;
  readonly step: number;
  readonly when: AnswerWhen | null;
};

/**
 * The trigger that takes a text: the longest of its keywords, one for its sender before one for any; else the first kind of automatic
 * answer that fits it. Whoever had that one within the day waits for a person: another kind would say something else than what holds.
 *
 * @returns null where none takes it.
 */
export function chooseTrigger(heard: Heard, spoken: Spoken): Chosen | { readonly refused: 'answered_today' } | null {
  const keyword = heard.triggers
    .filter(({ kind, value, match }) => kind === 'keyword' && spoken.calls(value, match))
    .filter(({ hours }) => hours.length === 0 || isWithinHours(hours, heard.zone, spoken.at))
    .sort((a, b) => b.value.length - a.value.length || b.sender.length - a.sender.length)[0];
  if (keyword !== undefined) return chosen(keyword, null);
  for (const when of answerWhens) {
    const answer = heard.triggers
      .filter(({ kind, value }) => kind === 'text' && value === when)
      .sort((a, b) => b.sender.length - a.sender.length)[0];
    if (answer === undefined || !fits(when, heard, spoken)) continue;
    return answer.onceADay && answer.answeredToday ? { refused: 'answered_today' } : chosen(answer, when);
  }
  return null;
}

function fits(when: AnswerWhen, heard: Heard, { at, words, meant }: Spoken): boolean {
  if (when === 'closed') return !isOpenAt(heard.openingHours, { zone: heard.zone, country: heard.country }, at);
  if (when === 'first') return heard.first;
  return when === 'any' || words === 1 || meant !== null;
}

function chosen({ flowId, versionId, step }: StoredTrigger, when: AnswerWhen | null): Chosen {
  return { flowId, versionId, step, when };
}
