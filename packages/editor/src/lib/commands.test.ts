import { expect, test } from 'vitest';
import { orderedGroups } from './commands.ts';

test('what belongs to the screen is offered first, and what holds everywhere last', () => {
  const groups = ['Everywhere', 'Session', 'Go to', 'Something new', 'Editing', 'This flow', 'Editing'];
  expect(orderedGroups(groups.map((group) => ({ group })))).toEqual([
    'This flow',
    'Editing',
    'Something new',
    'Go to',
    'Everywhere',
    'Session',
  ]);
});
