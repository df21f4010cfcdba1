import { describe, expect, it } from 'vitest';
import { toDocument } from './document.ts';
import { newStep } from './library.ts';
import { outlineRows, treePlaces } from './outline-rows.ts';

const step = (id: string, type: string) => ({ ...newStep(type, 'x'), id });
const line = (from: string, outlet: string, to: string) => ({ from, outlet, to });
const flow = (steps: ReturnType<typeof step>[], edges: ReturnType<typeof line>[]) =>
  toDocument({ name: 'Flow', description: '', graph: { schema_version: 1, steps, edges } });

describe('the outline', () => {
  it('keeps the main line at one level and puts sidings below their step', () => {
    const rows = outlineRows(
      flow(
        [step('key', 'keyword'), step('check', 'check-consent'), step('send', 'send-sms'), step('end', 'end')],
        [
          line('key', 'next', 'check'),
          line('check', 'yes', 'send'),
          line('check', 'no', 'end'),
          line('send', 'sent', 'end'),
        ],
      ),
    );
    expect(rows.map((row) => `${row.level} ${row.kind} ${row.key}`)).toEqual([
      '1 step step:key',
      '1 step step:check',
      '2 link outlet:check:no',
      '1 step step:send',
      '2 open outlet:send:not_sent',
      '1 step step:end',
    ]);
  });

  it('shows every step once, also in circles and apart', () => {
    const rows = outlineRows(
      flow([step('a', 'wait'), step('b', 'wait'), step('c', 'end')], [line('a', 'done', 'b'), line('b', 'done', 'a')]),
    );
    expect(
      rows
        .filter((row) => row.kind === 'step')
        .map((row) => row.key)
        .toSorted(),
    ).toEqual(['step:a', 'step:b', 'step:c']);
  });
});

describe('a siding that comes back to the main line', () => {
  it('points to the step there and leaves it on the main line', () => {
    const rows = outlineRows(
      flow(
        [step('b', 'branch'), step('one', 'send-sms'), step('two', 'send-sms'), step('end', 'end')],
        [line('b', 'yes', 'one'), line('b', 'else', 'two'), line('one', 'sent', 'end'), line('two', 'sent', 'end')],
      ),
    );
    expect(rows.filter((row) => row.kind === 'step').map((row) => `${row.level} ${row.key}`)).toEqual([
      '1 step:b',
      '2 step:two',
      '1 step:one',
      '1 step:end',
    ]);
  });
});

describe('the place of a row in the tree', () => {
  it('counts those with the same parent alone', () => {
    const places = treePlaces([1, 1, 2, 3, 2, 1].map((level) => ({ level })));
    expect(places.map(({ parent, position, siblings }) => [parent, position, siblings])).toEqual([
      [null, 1, 3],
      [null, 2, 3],
      [1, 1, 2],
      [2, 1, 1],
      [1, 2, 2],
      [null, 3, 3],
    ]);
  });
});
