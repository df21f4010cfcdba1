import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readAgain } from './read-again.ts';

const client = new QueryClient({
  defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY, retry: false, networkMode: 'always' } },
});
afterEach(() => client.clear());

/** Something that a screen shows; each reading is answered by hand. */
function shown(key: string) {
  const readings: Array<PromiseWithResolvers<string>> = [];
  const observer = new QueryObserver(client, {
    queryKey: [key],
    queryFn: () => {
      const reading = Promise.withResolvers<string>();
      readings.push(reading);
      return reading.promise;
    },
  });
  const leave = observer.subscribe(() => undefined);
  return {
    leave,
    count: () => readings.length,
    answer: (index: number, text: string) => readings[index]?.resolve(text),
    refuse: (index: number) => readings[index]?.reject(new Error('refused')),
    shows: () => observer.getCurrentResult().data,
  };
}

describe('What a change makes stale', () => {
  it('is read again where its first reading began before the change and answers after it', async () => {
    const screen = shown('first');
    readAgain(client, { queryKey: ['first'] });
    screen.answer(0, 'before');
    await vi.waitFor(() => expect(screen.count()).toBe(2));
    screen.answer(1, 'after');
    await vi.waitFor(() => expect(screen.shows()).toBe('after'));
    screen.leave();
  });

  it('is read again where a later reading did, and changes one after another hold no answer up', async () => {
    const screen = shown('later');
    screen.answer(0, 'one');
    await vi.waitFor(() => expect(screen.shows()).toBe('one'));
    readAgain(client, { queryKey: ['later'] });
    expect(screen.count()).toBe(2);
    for (let change = 0; change < 20; change += 1) readAgain(client, { queryKey: ['later'] });
    expect(screen.count()).toBe(2);
    screen.answer(1, 'two');
    await vi.waitFor(() => expect([screen.shows(), screen.count()]).toEqual(['two', 3]));
    screen.answer(2, 'three');
    await vi.waitFor(() => expect(screen.shows()).toBe('three'));
    expect(screen.count()).toBe(3);
    screen.leave();
  });

  it('is read again where the reading failed', async () => {
    const screen = shown('failing');
    readAgain(client, { queryKey: ['failing'] });
    screen.refuse(0);
    await vi.waitFor(() => expect(screen.count()).toBe(2));
    screen.answer(1, 'there');
    await vi.waitFor(() => expect(screen.shows()).toBe('there'));
    screen.leave();
  });

  it('waits until somebody looks where nobody does', async () => {
    const screen = shown('left');
    screen.answer(0, 'old');
    await vi.waitFor(() => expect(screen.shows()).toBe('old'));
    screen.leave();
    readAgain(client, { queryKey: ['left'] });
    expect(screen.count()).toBe(1);
    const again = shown('left');
    expect(again.count()).toBe(1);
    again.leave();
  });
});
