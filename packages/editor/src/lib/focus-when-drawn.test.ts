import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const source = join(import.meta.dirname, '..');
const timers = /\b(?:setTimeout|requestAnimationFrame|requestIdleCallback|setInterval)\(/g;

test('nothing moves the focus on a timer: it would leave what a person has opened since', () => {
  const found = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.includes('.test.'))
    .flatMap((file) => {
      const text = readFileSync(join(source, file), 'utf8');
      return [...text.matchAll(timers)]
        .filter((match) => /focus|blur\(/i.test(text.slice(match.index, match.index + 240)))
        .map((match) => `${file}:${text.slice(0, match.index).split('\n').length}`);
    });
  expect(found).toEqual([]);
});
