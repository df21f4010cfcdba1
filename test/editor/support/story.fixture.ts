import { describe, expect, test } from 'vitest';
import { oneStory } from './story.ts';

const inStory = oneStory();

describe('a story', () => {
  inStory();
  test('begins', () => undefined);
  test('breaks off', () => expect('what is there').toBe('what was expected'));
  test('would have gone on', () => undefined);
});

describe('another part of it', () => {
  inStory();
  test('would have ended well', () => undefined);
});

test('stands apart', () => undefined);
