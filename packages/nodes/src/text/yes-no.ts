import { foldText, normaliseText } from './normalise.ts';

/** Whole replies that mean yes. */
export const yesReplies: readonly string[] = [
  'y',
  'yes',
  'yea',
  'yeah',
  'yep',
  'yup',
  'ya',
  'yas',
  'yess',
  'ok',
  'okay',
  'k',
  'sure',
  'sure thing',
  'of course',
  'definitely',
  'absolutely',
  'certainly',
  'please do',
  'sounds good',
  'go ahead',
  'correct',
  'confirm',
  'confirmed',
  'agree',
  'agreed',
  'i do',
  'i am',
  'i will',
  'i would',
  'count me in',
  "i'm in",
  'why not',
  'true',
  '👍',
  '✅',
  '👌',
];

/** Whole replies that mean no. */
export const noReplies: readonly string[] = [
  'n',
  'no',
  'nope',
  'nah',
  'na',
  'no thanks',
  'no thank you',
  'not now',
  'not today',
  'not interested',
  'not really',
  'never',
  'negative',
  'decline',
  'declined',
  'disagree',
  "i don't",
  "i'm not",
  'i am not',
  "i won't",
  'no way',
  'false',
  '👎',
  '❌',
];

const yesOpening = /^(?:yes|yeah|yep|yup)(?![\p{L}\p{N}'])/u;
const noOpening = /^(?:no|nope|nah)(?![\p{L}\p{N}'])/u;
const yesAnywhere = /(?<![\p{L}\p{N}'])(?:yes|yeah|yep|yup)(?![\p{L}\p{N}'])/u;
const noAnywhere = /(?<![\p{L}\p{N}'])(?:no|nope|nah|not|don't|can't|won't|never|stop)(?![\p{L}\p{N}'])/u;

/** Begin with no and agree, also after a further no. */
const noThatAgrees =
  /^(?:(?:no|nope|nah)[,.! -]+)?no[ -](?:problem(?:s|os?|as?)?|pro?bs?|prblms?|pbs?|worr(?:y|ies)|dramas?|doubts?|bigg(?:ie|y)|sweat|issues?|question|objections?|troubles?|hassles?|hesitations?|qualms|brainers?|hay (?:ning[uú]n )?problema|pasa nada|te preocupes|se preocupe|hay duda)(?![\p{L}\p{N}'])/u;
/** Begin with no and deny nothing. */
const noThatIsNone =
  /^(?:(?:no|nope|nah)[,.! -]+)?no[ -](?:rush|hurry|big deal|questions|pressure|stress|harm|bother|fuss|complaints?|concerns?|comments?|regrets|preferences?|opinions?|offen[cs]e|wonder|kidding|joke|cap|lie|matter|importa|need to|idea|clue)(?![\p{L}\p{N}'])/u;
const emoji = /\p{Extended_Pictographic}(?:\u200d\p{Extended_Pictographic})*/gu;

/**
 * What a reply means, by its words and its emoji: those that mean yes or no alone also do several times and beside words, unless the two
 * disagree; any other emoji says nothing. Words mean yes when it is one of `yesReplies`, or begins with yes, yeah, yep or yup and nothing in it
 * denies (no, nope, nah, not, don't, can't, won't, never, stop). It means no when it is one of `noReplies`, or begins with
 * no, nope or nah and holds no yes, yeah, yep or yup. `No problem` agrees, `no rush` does not deny. Anything else means neither.
 */
export function replyMeaning(text: string): 'yes' | 'no' | null {
  const folded = foldText(text);
  const shown = new Set((folded.match(emoji) ?? []).map(wordsMeaning).filter((meaning) => meaning !== null));
  if (shown.size > 1) return null;
  const [drawn = null] = shown;
  const said = folded.replace(emoji, ' ');
  if (!/[\p{L}\p{N}]/u.test(said)) return drawn;
  const meaning = wordsMeaning(said);
  return drawn !== null && meaning !== drawn ? null : meaning;
}

function wordsMeaning(text: string): 'yes' | 'no' | null {
  const reply = normaliseText(text);
  if (yesSet.has(reply)) return 'yes';
  if (noSet.has(reply)) return 'no';
  if (noThatAgrees.test(reply)) return noThatAgrees.exec(reply)?.[0] === reply ? 'yes' : null;
  if (noThatIsNone.test(reply)) return null;
  if (yesOpening.test(reply) && !noAnywhere.test(reply)) return 'yes';
  if (noOpening.test(reply) && !yesAnywhere.test(reply)) return 'no';
  return null;
}

const yesSet = new Set(yesReplies.map(normaliseText));
const noSet = new Set(noReplies.map(normaliseText));
