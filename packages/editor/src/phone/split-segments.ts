import { segmentText } from '@signalbox/nodes/text/segments';

/** The text cut where its segments end. */
export const splitSegments = (text: string): string[] =>
  segmentText(text).ranges.map((range) => text.slice(range.start, range.end));
