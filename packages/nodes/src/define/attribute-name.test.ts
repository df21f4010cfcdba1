import { expect, test } from 'vitest';
import { attributeField, attributeName, toAttributeName } from './attribute-name.ts';

test.each([
  ['Favourite colour', 'favourite_colour'],
  [' Plan (2026) ', 'plan_2026'],
  ['Prénom', 'prenom'],
  ['Größe', 'grosse'],
  ['Имя', 'имя'],
  ['Край', 'край'],
  ['城市', '城市'],
  ['اسم', 'اسم'],
  ['1st visit', 'st_visit'],
  ['City, State, Country', 'city_state_country'],
])('the column %s is the attribute %s', (heading, name) => {
  expect(toAttributeName(heading)).toBe(name);
  expect(attributeName.test(name)).toBe(true);
  expect(attributeField.test(`attributes.${name}`)).toBe(true);
});

test.each(['', ' ', '123', '***', '👍'])('%j names nothing', (heading) => expect(toAttributeName(heading)).toBeNull());

test.each(['__proto__', 'a b', 'a.b', '9a', `a${'b'.repeat(64)}`, 'a\u202eb', 'a×b'])('%j is no name', (name) =>
  expect(attributeName.test(name)).toBe(false),
);
