import { describe, expect, it } from 'vitest';
import { end } from '../library/end/end.ts';
import { branch } from '../library/logic/branch.ts';
import { sendSms } from '../library/message/send-sms.ts';
import { keyword } from '../library/trigger/keyword.ts';
import { wait } from '../library/wait/wait.ts';
import { FlowSourceError, flow } from './builder.ts';

describe('the builder', () => {
  it('yields the graph that someone would draw', () => {
    const w = flow('Hello', { description: 'Greets' });
    const start = w.step('start', keyword, { keywords: ['HELLO'] });
    const greet = w.step('greet', sendSms, { text: 'Hello' }, { name: 'Greeting' });
    start.to('next', greet);
    expect(w.build()).toEqual({
      name: 'Hello',
      description: 'Greets',
      graph: {
        schema_version: 1,
        steps: [
          { id: 'start', type: 'keyword', version: 1, config: { keywords: ['HELLO'] } },
          { id: 'greet', type: 'send-sms', version: 1, config: { text: 'Hello' }, name: 'Greeting' },
        ],
        edges: [{ from: 'start', outlet: 'next', to: 'greet' }],
      },
    });
  });

  it('a built flow does not change afterwards', () => {
    const w = flow('Hello');
    const before = w.build();
    w.step('done', end, {});
    expect(before.graph.steps).toEqual([]);
  });

  it('knows ways out and settings by type, and checks those that only the config knows', () => {
    const w = flow('Hello');
    const greet = w.step('greet', sendSms, { text: 'Hello' });
    const done = w.step('done', end, {});
    const fork = w.step('fork', branch, {
      branches: [{ id: 'a', label: 'A', condition: { field: 'reply.text', op: 'is_set' } }],
    });
    // @ts-expect-error a message has no such way out
    expect(() => greet.to('replied', done)).toThrow('no way out called replied');
    // @ts-expect-error an end has no way out
    expect(() => done.to('next', greet)).toThrow('no way out called next');
    // @ts-expect-error the purpose is one of two
    expect(() => w.step('other', sendSms, { text: 'Hello', purpose: 'fun' })).toThrow('marketing, transactional');
    // @ts-expect-error what to listen for is missing
    expect(() => w.step('another', keyword, {})).toThrow('keywords: This is missing');
    expect(() => w.step('another', sendSms, {})).toThrow('text: At least 1 character');
    expect(() => w.step('another', sendSms, { source: 'template' })).toThrow('template: This is missing');
    expect(() => fork.to('b', done)).toThrow('no way out called b');
    expect(() => fork.to('a', done).to('a', greet)).toThrow('connected already');
    expect(() => w.step('greet', end, {})).toThrow('taken');
  });

  it('says of a mistake which step it is, which setting and what is allowed, in a line', () => {
    const w = flow('Hello');
    const said = (make: () => unknown): string => {
      try {
        make();
      } catch (error) {
        return error instanceof FlowSourceError ? error.message : 'something else was thrown';
      }
      return 'nothing was thrown';
    };
    const start = w.step('start', keyword, { keywords: ['HELLO'] }, { name: 'Beginning' });
    const done = w.step('done', end, {});
    expect([
      said(() => w.step('pause', wait, { duration: { amount: 900, unit: 'days' } })),
      said(() => w.step('pause', wait, { duration: { amount: 1, unit: 'days' } }, { name: 'x'.repeat(81) })),
      said(() => w.step('Pause', wait, { duration: { amount: 1, unit: 'days' } })),
      said(() => w.step('words', keyword, { keywords: ['HELLO', 'TWO WORDS'], match: undefined })),
      said(() => w.step('start', end, {})),
      // @ts-expect-error a trigger has no such way out
      said(() => start.to('sent', done)),
      // @ts-expect-error an end has no way out
      said(() => done.to('next', start)),
      said(() => start.to('next', done).to('next', done)),
    ]).toEqual([
      'The step pause (“Wait”), duration.amount: At most 366 days. Correct this setting of the step.',
      `The step pause (“${'x'.repeat(81)}”), name: At most 80 characters.`,
      'The step Pause (“Wait”), id: Small letters, digits and _, at most 64 of them, and a letter first.',
      'The step words (“Keyword”), keywords[1]: A keyword is one word, emoji or symbol of at most 40 characters. Correct this setting of the step.',
      'The step start (“End”): The id start is taken. Give one of the two steps another id.',
      'The step start (“Beginning”) has no way out called sent. It has next.',
      'The step done (“End”) has no way out called next. People end there.',
      'The step start (“Beginning”): The way out next is connected already. Keep one of the two lines.',
    ]);
  });
});
