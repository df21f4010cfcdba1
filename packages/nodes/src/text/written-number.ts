import { withPlainDigits } from './digits.ts';
import { foldText } from './normalise.ts';

/** A decimal of at most 15 + 15 digits, a percentage, degrees, or a word or two for what is counted. */
const decimal =
  /^([-+]?)(\d{1,15}|\d{1,3}(?:,\d{3}){1,4})?(\.\d{1,15})?(?: ?%| ?°[cf]?|([ -]?)(\p{L}[\p{L}\p{M}]*(?:[ /.-]\p{L}[\p{L}\p{M}]*)*))?$/u;
/** Words for what is counted at most: more is a sentence about something else. */
const mostWords = 3;
/** Words behind a number that make another one of it, as `5 pm` is 17. */
const multiplies = new RegExp(
  `^(?:${[
    'hundreds?|thousands?|grand|kk?|m|b|bn|millions?|billions?|trillions?|dozens?|score|lakhs?|crores?|half|halves|thirds?|quarters?',
    'and|or|to|point|plus|minus|times|odd|ish|am|pm',
    'tausend|hundert|mio|mrd|millionen|milliarden|dutzend|halb|duizend|honderd|miljoen|miljard|tusen|hundra|miljon|miljoner',
    'mil|mille|miles|cent|cientos?|mill[oó]n|millones|docenas?|mila|cento|milion[ei]|miliardi|milh[aã]o|milh[oõ]es',
    'tys|tysi[aą]c\\p{L}*|tysi[eę]cy|mln|mld|milion\\p{L}*|к|м|тыс\\p{L}*|млн|млрд|миллион\\p{L}*|миллиард\\p{L}*|сот\\p{L}*|дюжин\\p{L}*',
    'bin|y[uü]z|milyon|milyar|ribu|rb|ratus|juta|jt|ngh[iì]n|ng[aà]n|tri[eệ]u',
    '[اأآ]لا?ف|مليون|ملايين|مليار|مئة|مائة|हज़ार|हजार|लाख|करोड़|सौ',
  ].join('|')})$`,
  'u',
);
/** The same where no blank stands between, with what makes a time or a day of it. */
const multipliesJoined = /^(?:[十百千万萬億亿兆割半倍点點時时月日号號만천백억반시월일]|ร้อย|พัน|หมื่น|แสน|ล้าน)/u;
/** What makes a place in a row of a number: `25th`, `1er`, `2do`, `5-й`. */
const ordinal = /^(?:st|nd|rd|th|er|[eè]?re|e|i?[eè]me|[oa]s?|[rdtmvn][oa]s?|de|ste|te[nrs]?|[йяе]|го|[ыо][йе]|ая)$/u;
/** Letters that are a unit by themselves; any other behind a number is a house or a seat. */
const isLetter = /^[a-fi-xz]$/;
/** Pictures beside a number, and the sign of a currency before or behind it. */
const pictures = /\p{Extended_Pictographic}(?:\u200d\p{Extended_Pictographic})*/gu;
const currency = /^([-+]?)\p{Sc} ?|(?<=\p{Nd}) ?\p{Sc}$/gu;
/** Brackets, quotation marks and emphasis before a number; any mark behind it that leaves it whole, so no percentage and no dash. */
const around = /^[\p{Ps}\p{Pi}\p{Pf}"'¡¿*_\s]+|(?:(?![%‰‱#&@/\\\p{Pd}])[\p{P}\s])+$/gu;

/**
 * Reads a text that is plainly a number as people write one: in the digits of any script, with commas between thousands, with marks or a
 * picture beside it, a currency's sign, or what is counted, with a blank (`25 years`) or without (`25yrs`, `80kg`, `25岁`). Null for
 * everything else, `5 hundred`, `25k`, `25th`, `5b` and `5²` too: rather than wrong.
 */
export function readWrittenNumber(written: string): number | null {
  // A raised or a circled digit is none of the number.
  if (written.length > 100 || /\p{No}/u.test(written)) return null;
  const text = withPlainDigits(foldText(written))
    .replace(pictures, ' ')
    .trim()
    .replace(/[\u2010-\u2015\u2212](?=[\d.\p{Sc}])/gu, '-')
    .replaceAll('٪', '%')
    .replace(around, '')
    .replace(currency, '$1');
  const [, sign = '', whole = '', fraction = '', gap = '', counted = ''] = decimal.exec(text) ?? [];
  if (whole === '' && fraction === '') return null;
  if (counted !== '' && !isCounted(counted.split(/[ /.-]/), gap)) return null;
  return Number(`${sign}${whole.replaceAll(',', '')}${fraction}`);
}

/** Are the words what is counted, and not a part of the number? */
function isCounted(words: readonly string[], gap: string): boolean {
  const [first = ''] = words;
  if (words.length > mostWords || words.some((word) => multiplies.test(word)) || multipliesJoined.test(first))
    return false;
  return gap === ' ' || !(ordinal.test(first) || isLetter.test(first));
}
