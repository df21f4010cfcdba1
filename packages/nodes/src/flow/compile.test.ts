import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../library/catalogue.gen.ts';
import { end } from '../library/end/end.ts';
import { branch } from '../library/logic/branch.ts';
import { sendSms } from '../library/message/send-sms.ts';
import { checkConsent } from '../library/people/check-consent.ts';
import { keyword } from '../library/trigger/keyword.ts';
import { wait } from '../library/wait/wait.ts';
import { waitForReply } from '../library/wait/wait-for-reply.ts';
import { flow } from './builder.ts';
import { compileFlow, FlowNotCompilableError } from './compile.ts';

const day = { amount: 1, unit: 'days' } as const;

describe('compiling', () => {
  it('stands steps before those they lead to, first outlet first, and fills in defaults', () => {
    const w = flow('Sample');
    const last = w.step('last', end, {});
    const no = w.step('no', sendSms, { text: 'No' });
    const yes = w.step('yes', sendSms, { text: 'Yes' });
    const check = w.step('check', checkConsent, {});
    const start = w.step('start', keyword, { keywords: ['JOIN'] });
    start.to('next', check);
    check.to('no', no).to('yes', yes);
    yes.to('sent', last);
    no.to('sent', last);

    const { steps } = compileFlow(w.graph(), catalogue);
    expect(steps.map(({ id }) => id)).toEqual(['start', 'check', 'yes', 'no', 'last']);
    expect(steps.map(({ rank }) => rank)).toEqual([0, 1, 2, 3, 4]);
    expect(steps[0]?.config).toEqual({ keywords: ['join'], match: 'first_word', senders: [], hours: [] });
    expect(steps[1]?.outlets).toEqual([
      { id: 'yes', label: 'Agreed', to: 2 },
      { id: 'no', label: 'Did not agree', to: 3 },
    ]);
    expect(steps[2]?.outlets.map(({ to }) => to)).toEqual([4, null]);
  });

  it('a message listens where a wait for a reply comes before the next message', () => {
    const w = flow('Sample');
    const start = w.step('start', keyword, { keywords: ['JOIN'] });
    const fork = w.step('fork', branch, {
      branches: [{ id: 'a', label: 'A', condition: { field: 'contact.email', op: 'is_set' } }],
    });
    const direct = w.step('direct', sendSms, { text: '1' });
    const later = w.step('later', sendSms, { text: '2' });
    const blocked = w.step('blocked', sendSms, { text: '3' });
    const pause = w.step('pause', wait, { duration: day });
    const answer = w.step('answer', waitForReply, { timeout: day });
    start.to('next', fork);
    fork.to('a', blocked).to('else', later);
    blocked.to('sent', direct);
    direct.to('sent', answer);
    later.to('sent', pause);
    pause.to('done', answer);
    answer.to('replied', blocked);

    const listening = compileFlow(w.graph(), catalogue).steps.filter(({ listens }) => listens);
    expect(listening.map(({ id }) => id).sort()).toEqual(['direct', 'later']);
  });

  it('leaves out what nobody reaches, and keeps cycles', () => {
    const w = flow('Sample');
    const start = w.step('start', keyword, { keywords: ['JOIN'] });
    const pause = w.step('pause', wait, { duration: day });
    w.step('island', end, {});
    start.to('next', pause);
    pause.to('done', pause);
    const { steps } = compileFlow(w.graph(), catalogue);
    expect(steps.map(({ id, outlets }) => [id, outlets[0]?.to])).toEqual([
      ['start', 1],
      ['pause', 1],
    ]);
  });

  it('refuses what cannot be resolved', () => {
    const graph = flow('Sample').graph();
    const step = { id: 'a', type: 'nothing', version: 1, config: {} };
    expect(() => compileFlow({ ...graph, steps: [step] }, catalogue)).toThrow(FlowNotCompilableError);
  });

  it('in a graph without cycles every line leads to a higher rank', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(14), fc.nat(14)), { maxLength: 40 }), (pairs) => {
        const w = flow('Sample');
        const start = w.step('start', keyword, { keywords: ['JOIN'] });
        const condition = { field: 'contact.email', op: 'is_set' } as const;
        const branches = Array.from({ length: 15 }, (_, index) => ({ id: `to${index}`, label: 'To', condition }));
        const handles = branches.map((_, index) => w.step(`b${index}`, branch, { branches }));
        const [first] = handles;
        if (first !== undefined) start.to('next', first);
        for (const key of new Set(pairs.filter(([from, to]) => from < to).map((pair) => pair.join(' ')))) {
          const [from = 0, to = 0] = key.split(' ').map(Number);
          const [source, target] = [handles[from], handles[to]];
          if (source !== undefined && target !== undefined) source.to(`to${to}`, target);
        }
        const { steps } = compileFlow(w.graph(), catalogue);
        for (const { rank, outlets } of steps) {
          for (const { to } of outlets) if (to !== null) expect(to).toBeGreaterThan(rank);
        }
        expect(steps.map(({ rank }) => rank)).toEqual(steps.map((_, index) => index));
      }),
    );
  });
});
