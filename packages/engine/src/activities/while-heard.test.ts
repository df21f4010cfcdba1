import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { whileHeard } from './while-heard.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** How often the server hears of a call that takes ten seconds and one that is over. */
async function beats(isLocal: boolean): Promise<{ readonly during: number; readonly after: number }> {
  const environment = new MockActivityEnvironment({ isLocal });
  let heard = 0;
  environment.on('heartbeat', () => {
    heard += 1;
  });
  await environment.run(() => whileHeard(async () => void vi.advanceTimersByTime(10_000)));
  const during = heard;
  vi.advanceTimersByTime(10_000);
  return { during, after: heard - during };
}

test('the server hears that a step call goes on, so that it misses a process that has ended', async () => {
  expect(await beats(false)).toEqual({ during: 5, after: 0 });
});

test('a local call needs nobody to hear of it', async () => {
  expect(await beats(true)).toEqual({ during: 0, after: 0 });
});
