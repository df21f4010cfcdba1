import { problemTable as apiProblems } from '@signalbox/engine/http/problems';
import * as apiTexts from '@signalbox/engine/http/texts';
import { configJsonSchema } from '@signalbox/nodes/define/json-schema';
import { problemTable } from '@signalbox/nodes/define/problems';
import { catalogue } from '@signalbox/nodes/library/catalogue.gen';
import { expect, test } from 'vitest';
import { en } from '../../packages/editor/src/lib/messages/en.ts';

/** What nobody says who grew up with the language: each was read by somebody and found odd. */
const odd =
  /\bmeanwhile\b|\bstands? (?:here|for)\b|\bin circles\b|\bpassage\b|\bdoes not answer\b|\bany more\b|\bleads nowhere\b|\bit was nothing\b|\bif it stays\b/i;

/** Every text in a catalogue, however deep. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

const nodes = catalogue.map((node) => ({
  docs: node.docs,
  title: node.title,
  problems: 'problems' in node ? node.problems : null,
  reasons: 'reasons' in node ? node.reasons : null,
  config: configJsonSchema(node),
}));
const oddOf = (...catalogues: readonly unknown[]): string[] => textsOf(catalogues).filter((text) => odd.test(text));

test('what people read is said as people say it', () => {
  const all = [en, apiProblems, apiTexts, problemTable, nodes];
  expect(textsOf(all).length).toBeGreaterThan(800);
  expect(oddOf(...all)).toEqual([]);
});

test('and a text that nobody would say is found', () => {
  expect(oddOf({ a: { one: 'It was changed meanwhile' } }, ['Fine'])).toEqual(['It was changed meanwhile']);
});
