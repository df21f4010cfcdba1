import { SegmentedMessage } from 'sms-segments-calculator';
import { replacementFor } from './gsm-replacements.ts';

export type SmsEncoding = 'GSM-7' | 'UCS-2';

/** A character that GSM-7 cannot say. */
export type ForcingCharacter = {
  /** Index in UTF-16 code units of the text. */
  readonly index: number;
  readonly character: string;
  /** What could stand there instead without changing the meaning, or null. */
  readonly replacement: string | null;
};

/** One segment of the text, by UTF-16 index: `[start, end)`. */
export type SegmentRange = { readonly start: number; readonly end: number };

export type SegmentCount = {
  readonly encoding: SmsEncoding;
  /** Septets for GSM-7 (`€` and its like count 2), UTF-16 code units for UCS-2. */
  readonly characters: number;
  readonly segments: number;
  /** Room left in the last segment, in the unit of `characters`. */
  readonly remaining: number;
};

export type SegmentDetail = SegmentCount & {
  readonly ranges: readonly SegmentRange[];
  /** Every character that forces UCS-2, in order. Empty for GSM-7. */
  readonly forcing: readonly ForcingCharacter[];
};

const limits = {
  'GSM-7': { single: 160, part: 153 },
  'UCS-2': { single: 70, part: 67 },
} as const;

const gsmBasic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const gsmExtension = new Set('\f^{}\\[~]|€');

/**
 * Counts without detail: the encoding, the characters and the segments that a text needs. An empty text needs none.
 * Texts of plain characters are counted in one pass; those with joined ones go to the segment calculator, which is slow.
 */
export function countSegments(text: string): SegmentCount {
  if (text === '') return { encoding: 'GSM-7', characters: 0, segments: 0, remaining: limits['GSM-7'].single };
  const counted = countPlain(text, 'GSM-7', septets) ?? countPlain(text, 'UCS-2', plainUnits);
  if (counted !== null) return counted;
  const ranges = rangesOf(text, 'UCS-2');
  const last = ranges.at(-1);
  return toCount('UCS-2', text.length, ranges.length, last === undefined ? 0 : last.end - last.start);
}

/** Counts with detail: where each segment begins and ends, and which characters force UCS-2. */
export function segmentText(text: string): SegmentDetail {
  const count = countSegments(text);
  if (count.segments === 0) return { ...count, ranges: [], forcing: [] };
  const ranges = rangesOf(text, count.encoding);
  return { ...count, ranges, forcing: count.encoding === 'GSM-7' ? [] : forcingCharacters(text) };
}

/** Every character of the text that GSM-7 cannot say, with its index and, where one exists, a replacement. */
export function forcingCharacters(text: string): ForcingCharacter[] {
  const found: ForcingCharacter[] = [];
  let index = 0;
  for (const character of text) {
    if (!gsmBasic.has(character) && !gsmExtension.has(character)) {
      found.push({ index, character, replacement: replacementFor(character) });
    }
    index += character.length;
  }
  return found;
}

/** The text with every replaceable character replaced. What has no replacement stays. */
export function replaceForcingCharacters(text: string): string {
  let result = '';
  for (const character of text) {
    const isGsm = gsmBasic.has(character) || gsmExtension.has(character);
    result += isGsm ? character : (replacementFor(character) ?? character);
  }
  return result;
}

/** Characters that never join with a neighbour into one: Latin, Greek, Cyrillic, kana, ideographs, punctuation, lone emoji. */
const plainCharacter =
  /^[\n\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u058a\u2010-\u2027\u2030-\u205e\u20a0-\u20c0\u2100-\u2139\u3001-\u3029\u3041-\u3096\u30a0-\u30ff\u4e00-\u9fff\u{1f300}-\u{1f3fa}\u{1f400}-\u{1f5ff}\u{1f600}-\u{1f64f}\u{1f680}-\u{1f6c5}\u{1f90c}-\u{1f9af}]$/u;

function septets(character: string): number {
  return gsmBasic.has(character) ? 1 : gsmExtension.has(character) ? 2 : 0;
}

function plainUnits(character: string): number {
  return plainCharacter.test(character) ? character.length : 0;
}

/** Fills segments from the left; null where `sizeOf` gives 0 for a character, which means that it cannot tell. */
function countPlain(text: string, encoding: SmsEncoding, sizeOf: (character: string) => number): SegmentCount | null {
  const { single, part } = limits[encoding];
  let total = 0;
  let segments = 1;
  let used = 0;
  for (const character of text) {
    const size = sizeOf(character);
    if (size === 0) return null;
    total += size;
    // A character of two units never stands across two segments.
    if (used + size > part) {
      segments += 1;
      used = 0;
    }
    used += size;
  }
  return total <= single ? toCount(encoding, total, 1, total) : toCount(encoding, total, segments, used);
}

function toCount(encoding: SmsEncoding, characters: number, segments: number, usedInLast: number): SegmentCount {
  const room = segments === 1 ? limits[encoding].single : limits[encoding].part;
  return { encoding, characters, segments, remaining: Math.max(0, room - usedInLast) };
}

/**
 * Where segments begin and end, joined characters kept together as far as they fit. One of more units than a segment holds, such as a
 * letter under a tower of marks, cannot be: then every character is cut where it stands.
 */
function rangesOf(text: string, encoding: SmsEncoding): SegmentRange[] {
  const ranges = toRanges(new SegmentedMessage(text, encoding));
  if (encoding === 'GSM-7' || text.length <= limits[encoding].single) return ranges;
  const { part } = limits[encoding];
  return ranges.some(({ start, end }) => end - start > part || end === start) ? cutRanges(text, part) : ranges;
}

function cutRanges(text: string, part: number): SegmentRange[] {
  const ranges: SegmentRange[] = [];
  let start = 0;
  let end = 0;
  for (const { length } of text) {
    if (end + length - start > part) {
      ranges.push({ start, end });
      start = end;
    }
    end += length;
  }
  return [...ranges, { start, end }];
}

function toRanges(message: SegmentedMessage): SegmentRange[] {
  const ranges: SegmentRange[] = [];
  let start = 0;
  for (const segment of message.segments) {
    let end = start;
    for (const part of segment) end += rawLength(part);
    ranges.push({ start, end });
    start = end;
  }
  return ranges;
}

/** The calculator's segments are untyped arrays that also hold header octets, which have no text. */
function rawLength(part: unknown): number {
  if (typeof part !== 'object' || part === null || !('raw' in part)) return 0;
  return typeof part.raw === 'string' ? part.raw.length : 0;
}
