import type { WordPlace } from './compliance-word-lists.ts';
import { withDenials, withoutDenied, withoutWishForTexts } from './opt-out-denials.ts';
import { optsOutElsewhere, politeElsewhere } from './opt-out-languages.ts';
import { isShouted } from './opt-out-shouts.ts';
import type { Sentence } from './opt-out-text.ts';
import { optOutWords } from './opt-out-words.ts';
import { anyMatches, type WordPattern, wordPatterns } from './word-pattern.ts';

/*
 * How people ask to be left alone. A sentence asks where it is, with nothing left over, a command word or a verb with its object among
 * asides: politeness, a greeting, who it is and why. Whatever else stands in it makes it a sentence about something else, but for
 * requests that can mean nothing else, and for a command that is shouted. Before that, what denies a command takes it out
 * (`don't ever stop`), and what asks whether, or says in which case, likewise.
 */

const compile = wordPatterns({ ...optOutWords, ...politeElsewhere });

/** `Stop`, `no thanks stop`, `stop end`, `can you please stop`. */
const commandAlone = compile(
  'ASIDE* WEAK* COMMAND COMMAND|WEAK* ASIDE*',
  'ASIDE* cancel|end all ASIDE*',
  'ASIDE|ASK* stop|quit CLOSE*',
  'ASIDE|ASK|WILL* stop !here CLOSE*',
  'ASIDE|ASK* stop or i|ill|im|we …',
);

const requests = compile(
  // Stop doing it: `stop fucking texting me`, `stop with the texts`, `quit messaging me`.
  'ASIDE|ASK|WILL* stop|quit|cease|end WHICH* BOTHER …',
  'ASIDE|ASK|WILL* stop|quit WHICH* TEXTS …',
  'ASIDE|ASK|WILL* stop IT|stop|already|asap|immediately ASIDE*',
  'ASIDE|ASK|WILL* stop IT|stop|already|asap|immediately CLAUSE …',
  'ASIDE|ASK|WILL* make|have IT stop CLOSE*',
  'ASIDE|ASK|WILL* no|zero more WHICH* TEXTS CLOSE*',
  'ASIDE|ASK|WILL* i_want|send|send_me no more WHICH* TEXTS CLOSE*',
  // End the programme: `cancel my alerts`, `I revoke my consent`.
  'ASIDE|ASK|WILL* cancel|end|quit|revoke WHICH* PROGRAMME|MEMBERSHIP CLOSE*',
  'ASIDE|ASK|WILL* i? hereby? stop|cancel|end|revoke|withdraw WHICH* subscription|consent|permission|opt_in …',
  // Off the list: `unsubscribe me`, `take my number off your list`.
  'ASIDE|ASK|WILL* arret|unsubs|unsuscribe|unsubcribe me|us|from|of …',
  'ASIDE|ASK|WILL* stop|stop_all|stopall me|us* from|of WHICH* BOTHER|getting|receiving|TEXTS|LISTS …',
  'ASIDE|ASK|WILL* unsubscribe|un_subscribe|unsub|optout|opt_out|opt_me_out …',
  'ASIDE|i|im|we|were|i_am|we_are|i_have|ive|i_will|ill|hereby* OUT CLOSE*',
  'ASIDE|i|im|we|were|i_am|we_are|i_have|ive|i_will|ill|hereby* OUT of|from WHICH* TEXTS …',
  'ASIDE|ASK|WILL* remove|delete|erase ME CLOSE*',
  'ASIDE|ASK|WILL* take|get ME off CLOSE*',
  'ASIDE|ASK* lose|forget|delete|erase my_number|this_number ASIDE|CLOSE*',
  'ASIDE* cease and_desist? CLOSE*',
  'ASIDE|ASK|WILL* remove|delete|take|get|erase ME from|off|off_of|out_of|of WHICH* LISTS CLOSE*',
  // Do not do it: `don't text anymore`, `do not send me any more of these`, `not text me please`.
  'ASIDE* do_not|dont|never EVER* text|txt|message|msg|sms|contact|spam AGAIN*',
  'ASIDE* do_not|dont|never EVER* call anymore|any_more|again|ever AGAIN*',
  'ASIDE* do_not|dont|never EVER* send me|us? WHICH* PROGRAMME CLOSE*',
  'ASIDE* do_not|dont|never EVER* send anymore|any_more CLOSE*',
  'ASIDE* do_not|dont|never EVER* send me|us MORE of? these|those|them? CLOSE*',
  'ASIDE* do_not|dont|never EVER* send MORE|this|it to_me|to_us|to_this_number CLOSE*',
  'ASIDE* no texts|txts|messages|msgs|sms|spam please|pls|plz|anymore|any_more|ever|to_me|to_this_number CLOSE*',
  'ASIDE* not CONTACT ME !WHEN …',
  // Nothing else can be meant, whatever stands before.
  '… DENY EVER* want|wish|need to_receive|to_get|to_see|to_hear|to_have|receive|get? WHICH|anymore* TEXTS CLOSE*',
  '… DENY EVER* want|wish to text|txt anymore|any_more|again CLOSE*',
  '… sick|tired of getting|receiving? WHICH* TEXTS …',
  '… DENY EVER* want|wish to hear from …',
  '… DENY EVER* want|wish to be contacted|texted|messaged|bothered|called …',
  '… do_not|dont|never EVER* CONTACT ME !WHEN …',
  '… please|pls|plz|better|must|should|shall|ought not EVER* CONTACT ME !WHEN …',
  '… can|could|would|will you|u|please|just+ not EVER* CONTACT ME !WHEN …',
  '… you|u|yall may|can|will not EVER* CONTACT ME !WHEN …',
  '… if you|u|yall could|would not|never EVER* CONTACT ME !WHEN …',
  '… if you|u|yall could|would EVER* stop|quit BOTHER …',
  '… if you|u|yall could|would EVER* stop CLOSE*',
  '… rather|prefer|ask|request|demand that? you|u|they|yall not EVER* CONTACT ME !WHEN …',
  '… not to EVER* CONTACT ME !WHEN …',
  '… do_not|dont|never EVER* call ME CLOSE*',
  '… do_not|dont|never EVER* call|email ME? or CONTACT ME !WHEN …',
  '… not to EVER* call ME CLOSE*',
  '… want|wish|like|need|how_do_i|how_can_i|how_do_you|how|trying to? unsubscribe|un_subscribe|unsub|optout|opt_out|be_removed|be_unsubscribed …',
  '… want|wish|like|need to? be_taken_off WHICH* LISTS CLOSE*',
  '… how_do_i|how_can_i|how_do_you|how_to stop|turn_off getting|receiving? WHICH* TEXTS|IT CLOSE*',
  '… how_do_i|how_can_i|how_do_you|how_to make IT stop CLOSE*',
  '… how_do_i|how_can_i|how_do_you|how_to cancel|end getting|receiving? WHICH* PROGRAMME CLOSE*',
  '… want|wish|like|telling|told|asked|asking you|u? to stop BOTHER|getting|receiving …',
  '… need|have|got to stop getting|receiving …',
  '… need|have|got to stop WHICH* PROGRAMME CLOSE*',
  '… need THING+ to stop BOTHER …',
  '… SENDER OUGHT to? stop|quit BOTHER …',
  '… ask|asked|asking|tell|told|telling|beg|begging you|u|yall guys|people|all? to stop CLOSE*',
  '… want|wish|like to? stop !here CLOSE*',
  '… want|wants|wish|like|need|needs THING+ to stop CLOSE*',
  '… want|wants|need THING* SENDER|them|TEXTS stop CLOSE*',
  '… SENDER|TEXTS|BOTHER need|needs|has|have|must|got|gotta to? stop CLOSE*',
  '… the|these|those|your|this|all TEXTS|BOTHER … and|which|that need|needs|has|have|must|got to? stop CLOSE*',
  '… please|pls|plz|kindly stop|quit BOTHER …',
  '… please|pls|plz|kindly stop',
  '… BOTHER ME stop',
  '… leave me alone …',
);

/** What the instructions say, sent back: `Reply STOP`, `Text STOP to end`. As a whole text; in a longer one it is quoted. */
const instruction = compile(
  'reply|respond|text|txt|send|type|say|ASIDE|to* stop|stop2',
  'reply|respond|text|txt|send|type|say|ASIDE|to* stop|stop2 2|to|and|or? end|quit|stop|cancel|unsubscribe|optout|opt_out|unsub',
  'stop2end|stop2quit|stop2stop|stop2cancel',
);

/** As fingers and phones write it: standing alone, as it may mean something else in a sentence. */
const aloneOnly = compile(
  'ASIDE|POLITE* st+o+p{2,}|st{2,}o+p+|s{2,}top|stpo|sotp|(?:stop){2,}|stop\\p{N}|unsubscribed|stops ASIDE|POLITE*',
);

/** Games and songs. */
const idiom = /(?:^| )stop (?:drop|look|listen|collaborate|hammer)(?: |$)/;
const laughter = /haha|hehe|(?:^| )(?:lol|lmao|rofl)(?: |$)/;
const laughing = /[😂🤣😆😹😅]/u;

/** The length in characters of a text that is read: longer than any text message. */
const mostRead = 2_000;

/** True for a text that is somebody laughing, not asking: `stop 😂`. In capitals it is meant. */
export function isLaughing(text: string, all: string): boolean {
  return (laughing.test(text) || laughter.test(all)) && !/STOP/.test(text);
}

/** Asks a text to be left alone, in a command word or in other words? `all` are the words of the text, `sentences` its parts, `place` says which languages' words hold. */
export function asksToStop(
  text: string,
  all: string,
  sentences: readonly Sentence[],
  place: WordPlace | null,
): boolean {
  if (all.length > mostRead) return false;
  const inFun = isLaughing(text, all) || idiom.test(all);
  const parts = withDenials(sentences);
  const wished = withoutWishForTexts(all.split(' '));
  const whole = wished ?? all.split(' ');
  // What such a wish leaves of a text is read as one sentence.
  const said = wished === null ? [all, ...parts.map((part) => part.words)] : [wished.join(' ')];
  if (!inFun && (anyMatches(aloneOnly, whole) || optsOutElsewhere(whole, place))) return true;
  if (!inFun && parts.length < 2 && asks(instruction, whole)) return true;
  return (
    [...new Set(said)].some((part) => {
      const sentence = part.split(' ');
      return asks(requests, sentence) || (!inFun && asks(commandAlone, sentence));
    }) || parts.some(isShouted)
  );
}

/** Does one of the patterns describe the words, and still once what is denied is taken out? */
function asks(patterns: readonly WordPattern[], said: readonly string[]): boolean {
  return anyMatches(patterns, said) && anyMatches(patterns, withoutDenied(said));
}
