import { expect, test } from 'vitest';
import { createBacklogLooks } from './backlog-looks.ts';
import { type Backlog, lastLane, lastUrgentLane } from './turns.ts';

const backlog = (flowId: string): Backlog => ({
  workspaceId: 'w',
  accountId: 'a',
  lane: 5,
  sender: '+12025550100',
  flowId,
  first: { at: '2026-01-01 00:00:00+00', seq: '1' },
  workspaceWeight: 1,
  weight: 1,
  accountRate: null,
  senderRate: null,
  isDown: false,
});

/** Looks over backlogs that a test changes; one at all of them takes `dear` milliseconds. */
function world() {
  const there = { now: 0, dear: 0, flows: ['one'] };
  const asked: string[] = [];
  const look = createBacklogLooks(
    { monotonic: () => there.now },
    {
      all: async () => {
        asked.push('all');
        there.now += there.dear;
        return there.flows.map(backlog);
      },
      known: async (_, known) => {
        asked.push('known');
        return known.filter(({ flowId }) => there.flows.includes(flowId ?? ''));
      },
    },
  );
  const seen = async (upTo = lastLane, skip = true) =>
    (await look(new Date(0), upTo, { skip })).map(({ flowId }) => flowId);
  return { there, asked, seen };
}

test('a look that costs little is made whole each time', async () => {
  const { there, asked, seen } = world();
  there.dear = 20;
  await seen();
  there.flows = ['one', 'two'];
  expect(await seen()).toEqual(['one', 'two']);
  expect(asked).toEqual(['all', 'all']);
});

test('after a dear one the backlogs that it found are asked, until ten times its time is over', async () => {
  const { there, asked, seen } = world();
  there.dear = 100;
  expect(await seen()).toEqual(['one']);
  there.flows = ['one', 'two'];
  expect(await seen()).toEqual(['one']);
  there.now += 999;
  expect(await seen()).toEqual(['one']);
  there.now += 1;
  expect(await seen()).toEqual(['one', 'two']);
  expect(asked).toEqual(['all', 'known', 'known', 'all']);
});

test('where they have nothing left it looks at all as soon as it took', async () => {
  const { there, asked, seen } = world();
  there.dear = 100;
  await seen();
  there.flows = ['two'];
  there.now += 99;
  expect(await seen()).toEqual([]);
  there.now += 1;
  expect(await seen()).toEqual(['two']);
  expect(asked).toEqual(['all', 'known', 'known', 'all']);
});

test('whoever is to miss nothing looks at all', async () => {
  const { there, asked, seen } = world();
  there.dear = 100;
  await seen();
  there.flows = ['two'];
  expect(await seen(lastLane, false)).toEqual(['two']);
  expect(asked).toEqual(['all', 'all']);
});

test('what somebody waits for is looked at whole whatever it costs', async () => {
  const { there, asked, seen } = world();
  there.dear = 100;
  await seen();
  await seen(lastUrgentLane);
  await seen();
  expect(asked).toEqual(['all', 'all', 'known']);
});
