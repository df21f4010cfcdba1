import type { Sentence } from './opt-out-text.ts';
import { type WordClasses, type WordPattern, wordPattern } from './word-pattern.ts';

/*
 * How people ask to be left alone. A sentence asks where it is, with nothing left over, a command word or a verb with its object among
 * asides: politeness, a greeting, who it is and why. Whatever else stands in it makes it a sentence about something else, but for
 * requests that can mean nothing else, and for a command that is shouted. Before that, what denies a command takes it out:
 * `don't ever stop`.
 */

const words: WordClasses = {
  // Opt out in any sentence, beside others as well.
  COMMAND: 'stop|stopall|stop all|unsubscribe|un subscribe|optout|opt out|arret|unsub|unsubs|unsuscribe|unsubcribe',
  // Too common to, but beside those.
  WEAK: 'cancel|end|quit|revoke|remove|td',
  // Politeness, greetings, when and again, who it is and why: change nothing.
  ASIDE: [
    'please|pls|plz|kindly|thanks|thank you|thx|ty|now|right now|svp|stp|sil vous plait|sil te plait|merci|por favor|gracias|bitte|danke|obrigado',
    'hi|hello|hey|hey there|hi there|dear|sir|madam|maam|guys|sorry|excuse me|ok|okay|k|yes|yeah|yep|no|nope|nah|so|and|but|oh|ugh|omg|wtf|help|help me',
    'just|already|again|once again|immediately|asap|at once|forever|today|ever|anymore|any more|for good|right away',
    'i said|i say|i told you|i already said|i already told you|i texted|i typed|i asked|like i said|as i said',
    'wrong number|wrong person|you have the wrong number|you have the wrong person|you got the wrong number|this is the wrong number|this is a wrong number|new number|not me|not my number',
    'no thanks|no thank you|not interested|im not interested|i am not interested|i dont care|i dont want this|i dont want it|i dont want these|i do not want this|no more|enough|go away|leave me alone',
    'spam|this is spam|scam|this is a scam|annoying|this is annoying|who is this|whos this|who are you|who dis|i dont know you|i do not know you|what is this|how did you get my number|where did you get my number',
  ].join('|'),
  ASK: 'can you|could you|would you|will you|can u|you|u|must|i want you to|i need you to|id like you to|i would like you to|i want to|i would like to|id like to|i wish to|you need to|you have to|you must|you should|you better|need to',
  BOTHER:
    'texting|txting|messaging|msging|contacting|sending|spamming|bothering|harassing|annoying|emailing|calling|pestering|bugging',
  // Between a verb and what is sent.
  WHICH:
    'fucking|fuckin|effing|freaking|damn|goddamn|bloody|constantly|always|all|even|just|ever|with|of|the|these|those|this|that|your|ur|any|my|future|further|more|such|stupid|annoying|spam|marketing|promotional|text|sms|daily|weekly',
  TEXTS:
    'texts?|txts?|messages?|msgs?|sms|mms|alerts?|updates?|notifications?|promos?|promotions?|promotional|ads?|offers?|emails?|mails?|spam|marketing|newsletters?|reminders?|campaigns?|crap|shit|bullshit|calls?',
  // Of these, what is cancelled or ended of a programme alone.
  PROGRAMME:
    'texts|txts|messages|msgs|sms|mms|alerts?|notifications?|updates|promos|promotions|promotional|ads|offers|newsletters?|marketing|reminders|emails|subscription|consent|opt in',
  LISTS:
    'lists?|mailing list|texts|messages|communications|sms|marketing|database|contacts|system|records|alerts|group|chat|thread|here|this|it',
  ME: 'me|us|this number|this phone|my number|my phone|my phone number|my name',
  IT: 'it|this|that|these|those|them|all of it|all of this|everything|now',
  // May follow a verb that could as well be about something else.
  CLOSE:
    'me|us|to me|to this number|on this number|here|from you|from now on|please|pls|plz|now|right now|right away|asap|immediately|again|anymore|any more|ever|at all|already|today|thanks|thank you|thx|forever|you|guys',
  CLAUSE:
    'i|im|you|we|or|please|how|who|what|why|no|not|do|dont|nonsense|harassment|right now|immediately|asap|forever',
  // That only the time or the way is meant.
  WHEN: 'before|after|until|till|between|during|while|when|unless|if|about|back|so|late|early|tonight|tomorrow|on|in the|at work|at home|at night|at noon|at \\p{N}+\\p{L}*',
  THING:
    'you|u|this|it|that|these|those|them|all|of|the|your|ur|my|any|more|guys|people|texts?|messages?|msgs?|alerts?|updates?|notifications?|ads?|offers?|emails?|sms',
  DENY: 'do not|did not|does not|dont|didnt|doesnt|never|not|wont|will not|cant|cannot|can not|wouldnt|shouldnt',
  EVER: 'ever|never|really|actually|even|just|please|pls|you|u|to',
  WANT: 'want|wants|wanted|wanna|wish|like|need|ask|asked|tell|told|mean|meant|expect|plan|intend|try|going',
  SAY: 'say|said|mean|meant|type|typed|text|texted|send|sent|write|wrote',
};

const compile = (...patterns: readonly string[]) => patterns.map((pattern) => wordPattern(pattern, words));

/** `Stop`, `no thanks stop`, `stop end`, `can you please stop`. */
const commandAlone = compile(
  'ASIDE* WEAK* COMMAND COMMAND|WEAK* ASIDE*',
  'ASIDE* cancel|end all ASIDE*',
  'ASIDE|ASK* stop|quit CLOSE*',
  'ASIDE|ASK* stop or i|ill|im|we …',
);

const requests = compile(
  // Stop doing it: `stop fucking texting me`, `stop with the texts`, `quit messaging me`.
  'ASIDE|ASK* stop|quit|cease|end WHICH* BOTHER …',
  'ASIDE|ASK* stop|quit WHICH* TEXTS …',
  'ASIDE|ASK* stop IT|stop|already|asap|immediately ASIDE*',
  'ASIDE|ASK* stop IT|stop|already|asap|immediately CLAUSE …',
  'ASIDE|ASK* make|have IT stop CLOSE*',
  'ASIDE|ASK* no|zero more WHICH* TEXTS CLOSE*',
  'ASIDE|ASK* i_want|send|send_me no more WHICH* TEXTS CLOSE*',
  // End the programme: `cancel my alerts`, `I revoke my consent`.
  'ASIDE|ASK* cancel|end|quit|revoke WHICH* PROGRAMME CLOSE*',
  'ASIDE|ASK* i? hereby? stop|cancel|end|revoke|withdraw WHICH* subscription|consent|permission|opt_in …',
  // Off the list: `unsubscribe me`, `take my number off your list`.
  'ASIDE|ASK* COMMAND me|us|from|of …',
  'ASIDE|ASK* unsubscribe|un_subscribe|unsub|optout|opt_out|opt_me_out …',
  'ASIDE|ASK* i hereby? unsubscribe|unsubscribed|optout|opt_out CLOSE*',
  'ASIDE|ASK* i hereby? unsubscribe|unsubscribed|optout|opt_out of|from WHICH* TEXTS …',
  'ASIDE|ASK* remove|delete|erase ME CLOSE*',
  'ASIDE|ASK* take ME off CLOSE*',
  'ASIDE|ASK* remove|delete|take|erase ME from|off|off_of|out_of|of WHICH* LISTS CLOSE*',
  // Nothing else can be meant, whatever stands before.
  '… DENY EVER* want|wish|need to|receive|get|see|hear|have|WHICH|anymore* TEXTS CLOSE*',
  '… sick|tired of getting|receiving? WHICH* TEXTS …',
  '… DENY EVER* want|wish to hear from …',
  '… DENY EVER* want|wish to be contacted|texted|messaged|bothered|called …',
  '… do_not|dont|never|not EVER* text|txt|message|msg|sms|contact|email|bother|spam|disturb ME !WHEN …',
  '… do_not|dont|never|not EVER* call ME CLOSE*',
  '… want|wish|like|need|how_do_i|how_can_i|how_do_you|how|trying to? unsubscribe|un_subscribe|unsub|optout|opt_out|be_removed …',
  '… how_do_i|how_can_i|how_do_you|how_to stop|cancel|end|turn_off getting|receiving? WHICH* TEXTS|IT CLOSE*',
  '… want|wish|like|need|telling|told|asked you|u? to stop BOTHER|getting|receiving …',
  '… want|wants|wish|like|need|needs|has|have|must THING* to? stop CLOSE*',
  '… BOTHER ME stop',
  '… leave me alone …',
);

/** What the instructions say, sent back: `Reply STOP`, `Text STOP to end`. As a whole text; in a longer one it is quoted. */
const instruction = compile(
  'reply|respond|text|txt|send|type|say|ASIDE|to* stop|stop2',
  'reply|respond|text|txt|send|type|say|ASIDE|to* stop|stop2 2|to|and|or? end|quit|stop|cancel|unsubscribe|optout|opt_out|unsub',
  'stop2end|stop2quit|stop2stop|stop2cancel',
);

/**
 * As fingers and phones write it, and as other languages say it: standing alone, as it may mean something else in a sentence. ALTO is
 * not among them: it answers questions.
 */
const aloneOnly = compile(
  'ASIDE* st+o+p{2,}|st{2,}o+p+|s{2,}top|stpo|sotp|(?:stop){2,}|stop\\p{N}|unsubscribed|stops|arrete|arretez|arreter ASIDE*',
  'ASIDE* arret|arrete|arretez|arreter|stop les|vos|ces? sms|messages|textos ASIDE*',
  'ASIDE* desabonner|desabonnez_moi|me_desabonner|desinscrire|desinscription|parar|baja|darme_de_baja|stoppen|abmelden|abbestellen|стоп ASIDE*',
);

/** A command that a denial reaches, with the denial. */
const denied = [
  'DENY EVER* CMD',
  'DENY EVER* WANT CMD',
  'DENY EVER* WANT THING|EVER* to EVER* CMD',
  'DENY EVER* make|let|have|see THING* CMD',
  'DENY EVER* SAY the|word|to|for* CMD',
].map((pattern) => wordPattern(pattern, { ...words, CMD: `${words['COMMAND']}|cancel|quit|be removed` }));
/** A sentence that only denies, and so denies the next one: `Don't. Stop.` */
const onlyDenies = wordPattern('please|pls|oh|no|hey|just|ever|but|and* DENY EVER|not*', words);

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

/** Asks a text to be left alone, in a command word or in other words? `all` are the words of the text, `sentences` its parts. */
export function asksToStop(text: string, all: string, sentences: readonly Sentence[]): boolean {
  if (all.length > mostRead) return false;
  const inFun = isLaughing(text, all) || idiom.test(all);
  const parts = withDenials(sentences);
  const whole = all.split(' ');
  if (!inFun && anyMatches(aloneOnly, whole)) return true;
  if (!inFun && parts.length < 2 && anyMatches(instruction, whole)) return true;
  return (
    [all, ...parts.map((part) => part.words)].some((part) => {
      const rest = withoutDenied(part.split(' '));
      return anyMatches(requests, rest) || (!inFun && anyMatches(commandAlone, rest));
    }) || parts.some(isShouted)
  );
}

function anyMatches(patterns: readonly WordPattern[], part: readonly string[]): boolean {
  return patterns.some((pattern) => pattern.matches(part));
}

/** The words of a sentence, with `§` for each command that a denial reaches, with its denial. */
function withoutDenied(part: readonly string[]): readonly string[] {
  let rest = part;
  for (const pattern of denied) {
    for (let found = pattern.find(rest); found !== null; found = pattern.find(rest))
      rest = rest.toSpliced(found.from, found.to - found.from, '§');
  }
  return rest;
}

/** The sentences, with one that only denies made one with the next. */
function withDenials(sentences: readonly Sentence[]): Sentence[] {
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

function isShouted({ written, words: all }: Sentence): boolean {
  const part = all.split(' ');
  if (/^(?:STOP|UNSUBSCRIBE)/.test(written.trim()) && shoutedFirst.matches(part)) return true;
  const before = written.replace(shoutedLast, '');
  if (before === written || !/\p{Ll}/u.test(before) || asksWhether.matches(part)) return false;
  const rest = withoutDenied(part);
  return rest.at(-1) !== '§' && !quoted.matches(rest.slice(0, -1));
}
