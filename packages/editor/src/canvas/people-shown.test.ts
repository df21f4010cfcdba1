import { expect, test } from 'vitest';
import { peopleShown } from './people-shown.ts';

test('a click on the number of a card opens the people whom it counts, whoever failed there', () => {
  expect(peopleShown({ here: 3, left: 5 })).toEqual({ view: 'here', n: 3 });
  expect(peopleShown({ here: 0, left: 5 })).toEqual({ view: 'moved_on', n: 5 });
  // Those who failed alone: they are listed with those who are here.
  expect(peopleShown({ here: 0, left: 0 })).toEqual({ view: 'here', n: 0 });
});
