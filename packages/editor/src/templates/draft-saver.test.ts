import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createDraftSaver } from './draft-saver.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A saver whose requests are answered by hand. */
function saver() {
  const sent: Array<{
    readonly value: string;
    readonly revision: number;
    readonly answer: (revision: number) => void;
    readonly refuse: () => void;
  }> = [];
  const made = createDraftSaver<string>({
    revision: 1,
    onChange: () => {},
    quietMs: 100,
    save: (value, revision) =>
      new Promise((resolve, reject) => {
        sent.push({ value, revision, answer: resolve, refuse: () => reject(new Error('refused')) });
      }),
  });
  const last = () => {
    const request = sent.at(-1);
    if (request === undefined) throw new Error('Nothing was sent.');
    return request;
  };
  return { ...made, sent, last };
}

it('saves what was typed last, once nothing was typed for a moment', async () => {
  const { edit, sent, state, last, revision } = saver();
  edit('a');
  await vi.advanceTimersByTimeAsync(60);
  edit('ab');
  await vi.advanceTimersByTimeAsync(60);
  expect([sent.length, state()]).toEqual([0, 'waiting']);
  await vi.advanceTimersByTimeAsync(60);
  expect([sent.length, state()]).toEqual([1, 'saving']);
  last().answer(2);
  await vi.advanceTimersByTimeAsync(0);
  expect([state(), revision()]).toEqual(['saved', 2]);
  expect(sent.map(({ value }) => value)).toEqual(['ab']);
});

it('sends what was typed meanwhile with the revision of what was saved', async () => {
  const { edit, flush, last, sent } = saver();
  edit('a');
  const done = flush();
  edit('b');
  last().answer(2);
  await vi.advanceTimersByTimeAsync(0);
  last().answer(3);
  await done;
  expect(sent.map(({ value, revision }) => [value, revision])).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
});

it('keeps what was refused, and goes on with it from what others made, or without it', async () => {
  const { edit, flush, last, state, goOnFrom, sent } = saver();
  edit('mine');
  const first = flush();
  last().refuse();
  await first;
  expect(state()).toBe('refused');
  goOnFrom(7, { keepMine: true });
  const second = flush();
  expect(last()).toMatchObject({ value: 'mine', revision: 7 });
  last().refuse();
  await second;
  goOnFrom(8, { keepMine: false });
  await flush();
  expect([sent.length, state()]).toEqual([2, 'saved']);
});
