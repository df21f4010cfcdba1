import { expect, test } from 'vitest';
import { createSlides } from './slides.ts';

const before = new Map([['outlet:ask:sent', { x: 100, y: 100 }]]);
const after = new Map([['outlet:ask:sent', { x: 100, y: 240 }]]);

test('a "+" is hit anywhere on the way that it slides', () => {
  const slides = createSlides();
  slides.began(before, 1_000);
  for (const y of [95, 100, 150, 200, 240, 250])
    expect(slides.hit({ x: 104, y }, after, 1_080)).toBe('outlet:ask:sent');
});

test('beside its way, and once it has long come to rest, nothing is hit', () => {
  const slides = createSlides();
  slides.began(before, 1_000);
  expect(slides.hit({ x: 140, y: 150 }, after, 1_080)).toBeNull();
  expect(slides.hit({ x: 100, y: 150 }, after, 1_500)).toBeNull();
});

test('a second slide does not make the first forgotten', () => {
  const slides = createSlides();
  slides.began(before, 1_000);
  slides.began(after, 1_060);
  const last = new Map([['outlet:ask:sent', { x: 400, y: 240 }]]);
  expect(slides.hit({ x: 300, y: 240 }, last, 1_100)).toBe('outlet:ask:sent');
});

test('what is gone cannot be hit', () => {
  const slides = createSlides();
  slides.began(before, 1_000);
  expect(slides.hit({ x: 100, y: 100 }, new Map(), 1_010)).toBeNull();
});

test('the time that a hand takes counts from when the movement is seen', () => {
  const slides = createSlides();
  slides.began(before, 1_000);
  slides.shown(1_400);
  expect(slides.hit({ x: 100, y: 150 }, after, 1_800)).toBe('outlet:ask:sent');
  expect(slides.hit({ x: 100, y: 150 }, after, 1_900)).toBeNull();
});
