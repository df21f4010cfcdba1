import type { Sentence } from './opt-out-text.ts';
import { optOutWords as words } from './opt-out-words.ts';
import { wordPattern, wordPatterns } from './word-pattern.ts';

/*
 * What takes a command out of a sentence: a denial that reaches it, a question or a condition that it is part of, a report of what
 * somebody did not do. `Don't ever stop`, `Do I need to stop?`, `if you have to stop`, `they never contact me`.
 */

const compile = wordPatterns({
  ...words,
  CMD: `${words.COMMAND}|cancel|quit|be removed`,
  CALL: 'call|calling|phone|ring|email|emailing|mail',
  WRITE: 'text|txt|message|msg|sms',
});

/** Taken out wherever they stand. */
const takenOut = compile(
  'DENY|NEEDNT EVER* CMD',
  'DENY EVER* WANT|gotta CMD',
  'DENY|HASNT|NEEDNT EVER* WANT|OBLIGED THING|EVER|ME_OR_THEM* to EVER* CMD',
  'DENY EVER* WANT THING|EVER* to leave_me_alone',
  'DENY EVER* make|let|have|see THING* CMD',
  'DENY EVER* SAY the|word|to|for* CMD',
  'DENY|HASNT|NOBODY EVER* THINK that|like|as|if* i|we|SENDER|TEXTS OUGHT to? EVER* CMD',
  'NO_NEED THING|EVER|ME_OR_THEM* to EVER* CMD',
  'NOBODY of|EVER|THING|us|them|here|else* WANT|OBLIGED THING|EVER|ME_OR_THEM* to EVER* CMD',
  // Asks whether, or says in which case.
  'ASKS the|my|your* WHOEVER EVER|NOW|not* WANT|OBLIGED THING|EVER|ME_OR_THEM* to EVER* HALT',
  'should|shall|must|may|might WHOEVER EVER* HALT',
  // Says what was not done, or asks why.
  'why|how_come|if|when|whenever|unless WHOEVER EVER|can|will|did|have|has* do_not|dont|never|not EVER* CONTACT|call ME',
  'why|how_come do|dont|did|didnt|cant|wont|not WHOEVER? EVER|not* CONTACT|call ME',
  'chose|decided|preferred not to EVER* CONTACT|call ME',
);

/** Taken out where the sentence begins with them. */
const takenOutFirst = compile(
  'ASIDE* do_not|dont|never EVER* leave_me_alone …',
  'ASIDE* you|u never CONTACT|call ME !AGAIN',
  'ASIDE* they|he|she do_not|dont|never CONTACT|call ME !AGAIN',
  'ASIDE* help_me to? stop|quit !BOTHER|WHICH|TEXTS|getting|receiving',
);

/** Asks for texts in place of something else: `Don't call me, text me`. It may go over several sentences. */
const wishForTexts = compile(
  'do_not|dont|never|not_to|instead_of CALL ME* just|please|pls|but|instead|only|rather|can_you|you_can|could_you|at|work|here|on|my|phone* WRITE ME',
  'WRITE ME just|please|pls|but|and|instead|rather|only|here|at|on|this|number|thanks* do_not|dont|never|instead_of CALL',
);
/** Before the second of these, what makes it no wish: `don't text me, don't call me`. */
const denies = new Set(['not', 'dont', 'never', 'or', 'to', 'stop', 'no']);

/** The words of a text without its wish to be texted instead of something else; null where it has none. */
export function withoutWishForTexts(whole: readonly string[]): readonly string[] | null {
  for (const pattern of wishForTexts) {
    const found = pattern.find(whole);
    if (found !== null && !denies.has(whole[found.from - 1] ?? ''))
      return whole.toSpliced(found.from, found.to - found.from, '§');
  }
  return null;
}

/** A sentence that only denies, and so denies the next one: `Don't. Stop.` */
const onlyDenies = wordPattern('please|pls|oh|no|hey|just|ever|but|and* DENY EVER|not*', words);

/** The words of a sentence, with `§` for each command that a denial reaches, with its denial. */
export function withoutDenied(part: readonly string[]): readonly string[] {
  let rest = part;
  for (const pattern of takenOut) {
    for (let found = pattern.find(rest); found !== null; found = pattern.find(rest))
      rest = rest.toSpliced(found.from, found.to - found.from, '§');
  }
  for (const pattern of takenOutFirst) {
    const found = pattern.find(rest);
    if (found?.from === 0) rest = rest.toSpliced(0, found.to, '§');
  }
  return rest;
}

/** The sentences, with one that only denies made one with the next. */
export function withDenials(sentences: readonly Sentence[]): Sentence[] {
  const parts: Sentence[] = [];
  for (const sentence of sentences) {
    const last = parts.at(-1);
    if (last === undefined || !onlyDenies.matches(last.words.split(' '))) parts.push(sentence);
    else
      parts[parts.length - 1] = {
        written: `${last.written} ${sentence.written}`,
        words: `${last.words} ${sentence.words}`,
      };
  }
  return parts;
}
