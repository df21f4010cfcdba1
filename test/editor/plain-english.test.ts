import { problemTable as apiProblems } from '@signalbox/engine/http/problems';
import * as apiTexts from '@signalbox/engine/http/texts';
import { configJsonSchema } from '@signalbox/nodes/define/json-schema';
import { problemTable } from '@signalbox/nodes/define/problems';
import { gateReasons, gateRemedies } from '@signalbox/nodes/gate/gate';
import { catalogue } from '@signalbox/nodes/library/catalogue.gen';
import { expect, test } from 'vitest';
import { en } from '../../packages/editor/src/lib/messages/en.ts';
import { oddOf, textsOf } from '../support/odd-words.ts';

const nodes = catalogue.map((node) => ({
  docs: node.docs,
  title: node.title,
  problems: 'problems' in node ? node.problems : null,
  reasons: 'reasons' in node ? node.reasons : null,
  config: configJsonSchema(node),
}));
test('what people read is said as people say it', () => {
  const all = [en, apiProblems, apiTexts, problemTable, nodes, gateReasons, gateRemedies];
  expect(textsOf(all).length).toBeGreaterThan(800);
  expect(oddOf(...all)).toEqual([]);
});

test('and a text that nobody would say is found', () => {
  expect(oddOf({ a: { one: 'It was changed meanwhile' } }, ['Fine'])).toEqual(['It was changed meanwhile']);
});
