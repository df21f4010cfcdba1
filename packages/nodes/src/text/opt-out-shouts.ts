import { withoutDenied } from './opt-out-denials.ts';
import type { Sentence } from './opt-out-text.ts';
import { optOutWords as words } from './opt-out-words.ts';
import { anyMatches, wordPattern, wordPatterns } from './word-pattern.ts';

/** A word in capitals at the end of a quieter text, `Wrong person STOP`, or at its beginning. */
const shoutedLast = /(?<![\p{L}\p{N}'’-])(?:STOP|STOPALL|UNSUBSCRIBE|ARR[EÊ]T)[^\p{L}\p{N}]*$/u;
const shoutedFirst = wordPattern(
  'stop|stopall|unsubscribe i|im|ive|you|youre|u|ur|who|whos|wrong|no|not|why|this|these|dont|do|please …',
  words,
);
/** What makes a word in capitals a name or a quotation, `bus STOP`, `it says STOP`, or the text a question about something. */
const quoted = wordPattern(
  '… non|bus|full|pit|next|last|first|tram|train|truck|un|the|a|at|in|my|say|says|saying|reply|text|word|keyword|button|type|send|write|or|called|named',
  words,
);
const asksWhether = wordPattern('where|when|which|does|do_i|can_i|is|are|did …', words);
/** What people do themselves, or were told to: `I have to STOP`, `my doctor told me to STOP`. */
const ownDoing = wordPatterns(words)(
  '… i|we|he|she need|needed|have|has|had|got|ought to',
  '… i|we|he|she must|should|will|would|might|gotta',
  '… me|us|him|her to',
);

/** Is a sentence a command in capitals, whatever else it says? */
export function isShouted({ written, words: all }: Sentence): boolean {
  const part = all.split(' ');
  if (/^(?:STOP|UNSUBSCRIBE)/.test(written.trim()) && shoutedFirst.matches(part)) return true;
  const before = written.replace(shoutedLast, '');
  if (before === written || !/\p{Ll}/u.test(before) || asksWhether.matches(part)) return false;
  const rest = withoutDenied(part);
  if (rest.at(-1) === '§') return false;
  const said = rest.slice(0, -1);
  return !quoted.matches(said) && !anyMatches(ownDoing, said);
}
