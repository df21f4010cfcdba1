import { describe, expect, it } from 'vitest';
import { end } from '../library/end/end.ts';
import { branch } from '../library/logic/branch.ts';
import { sendSms } from '../library/message/send-sms.ts';
import { keyword } from '../library/trigger/keyword.ts';
import { flow } from './builder.ts';

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
    expect(() => w.step('other', sendSms, { text: 'Hello', purpose: 'fun' })).toThrow();
    // @ts-expect-error the text is missing
    expect(() => w.step('another', sendSms, {})).toThrow();
    expect(() => fork.to('b', done)).toThrow('no way out called b');
    expect(() => fork.to('a', done).to('a', greet)).toThrow('connected already');
    expect(() => w.step('greet', end, {})).toThrow('taken');
  });
});
