import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { next } from '../define/decision.ts';
import { type AnyNode, defineNode } from '../define/define-node.ts';
import { blockingProblems, type Problem, problemTable } from '../define/problems.ts';
import { catalogue } from '../library/catalogue.gen.ts';
import { type Edge, emptyGraph, type FlowGraph, type Step } from './graph.ts';
import { type KnownText, type ValidationContext, validateFlow } from './validate.ts';

const start: Step = { id: 'start', type: 'keyword', version: 1, config: { keywords: ['JOIN'] } };
const check: Step = { id: 'check', type: 'check-consent', version: 1, config: {} };
const send: Step = { id: 'send', type: 'send-sms', version: 1, config: { text: 'Hello' } };
const pause: Step = { id: 'pause', type: 'wait', version: 1, config: { duration: { amount: 1, unit: 'days' } } };
const done: Step = { id: 'done', type: 'end', version: 1, config: {} };

function graph(steps: readonly Step[], edges: readonly string[]): FlowGraph {
  return {
    schema_version: 1,
    steps: [...steps],
    edges: edges.map((line): Edge => {
      const [from = '', outlet = '', to = ''] = line.split(' ');
      return { from, outlet, to };
    }),
  };
}

const good = graph(
  [start, check, send, done],
  ['start next check', 'check yes send', 'check no done', 'send sent done', 'send not_sent done'],
);

/** The good graph with some steps replaced or added and some lines added or (with a minus) taken away. */
function changed(steps: ReadonlyArray<Partial<Step>>, edges: readonly string[] = []): FlowGraph {
  const kept = good.steps.map((step) => ({ ...step, ...steps.find(({ id }) => id === step.id) }));
  const added = steps.flatMap((step) => (good.steps.some(({ id }) => id === step.id) ? [] : [{ ...done, ...step }]));
  const lines = good.edges.map(({ from, outlet, to }) => `${from} ${outlet} ${to}`);
  const left = lines.filter((line) => !edges.includes(`-${line}`));
  return graph([...kept, ...added], [...left, ...edges.filter((line) => !line.startsWith('-'))]);
}

const branch = (condition: Step['config'][string]): Step => ({
  id: 'fork',
  type: 'branch',
  version: 1,
  config: { branches: [{ id: 'a', label: 'A', condition }] },
});
const forked = ['-start next check', 'start next fork', 'fork a check', 'fork else check'];

const oneTemplate = 'tpl_01jd4w7h8zqv3m5k2n9x6r0t4c';
const sending = (version: number | null): FlowGraph =>
  changed([{ id: 'send', config: { source: 'template', template: { id: oneTemplate, version } } }]);
/** A workspace with that template, and nothing else. */
const having = (template: Partial<KnownText>): ValidationContext => ({
  texts: {
    templates: new Map([[oneTemplate, { name: 'Welcome', newest: 2, archived: false, ...template }]]),
    snippets: new Map(),
  },
});

type Case = {
  readonly code: string;
  readonly graph: FlowGraph;
  readonly at?: string;
  readonly path?: ReadonlyArray<string | number>;
  readonly context?: ValidationContext;
  /** Other codes that come with it. */
  readonly also?: readonly string[];
};

const cases: readonly Case[] = [
  { code: 'no_trigger', graph: emptyGraph, path: [] },
  { code: 'unknown_node', graph: changed([{ id: 'send', type: 'send-pigeon' }]), at: 'send', path: ['type'] },
  { code: 'unknown_node_version', graph: changed([{ id: 'send', version: 9 }]), at: 'send', path: ['version'] },
  {
    code: 'duplicate_step_id',
    graph: graph(
      [...good.steps, { ...done, id: 'send' }],
      good.edges.map(({ from, outlet, to }) => `${from} ${outlet} ${to}`),
    ),
    at: 'send',
    path: ['steps', 4, 'id'],
  },
  {
    code: 'config_invalid',
    graph: changed([{ id: 'send', config: { text: '' } }]),
    at: 'send',
    path: ['config', 'text'],
  },
  { code: 'edge_from_unknown_step', graph: changed([], ['gone next done']), path: ['edges', 5, 'from'] },
  {
    code: 'edge_to_unknown_step',
    graph: changed([pause], ['-send sent done', 'send sent pause', 'pause done gone']),
    path: ['edges', 5, 'to'],
    also: ['outlet_unconnected'],
  },
  { code: 'edge_unknown_outlet', graph: changed([], ['check maybe done']), at: 'check', path: ['edges', 5] },
  { code: 'outlet_has_two_edges', graph: changed([], ['check yes done']), at: 'check', path: ['edges', 5] },
  {
    code: 'trigger_has_incoming',
    graph: changed([pause], ['-send sent done', 'send sent pause', 'pause done start']),
    at: 'start',
    path: ['edges', 5],
  },
  { code: 'step_unreachable', graph: changed([{ id: 'island' }]), at: 'island', path: [] },
  {
    code: 'cycle_without_pause',
    graph: changed(
      [{ id: 'again', type: 'check-consent' }],
      ['-check no done', 'check no again', 'again yes send', 'again no check'],
    ),
    at: 'check',
    path: [],
  },
  {
    code: 'keyword_is_compliance_word',
    graph: changed([{ id: 'start', config: { keywords: ['go', 'stop'] } }]),
    at: 'start',
    path: ['config', 'keywords', 1],
  },
  {
    code: 'keyword_is_help_word',
    graph: changed([{ id: 'start', config: { keywords: ['go', 'ayuda'] } }]),
    at: 'start',
    path: ['config', 'keywords', 1],
  },
  {
    code: 'keyword_taken',
    graph: good,
    context: { takenKeys: [{ kind: 'keyword', key: 'join', sender: '', flow: 'Other' }] },
    at: 'start',
    path: ['config', 'keywords', 0],
  },
  {
    code: 'keyword_duplicate',
    graph: changed([{ ...start, id: 'second' }], ['second next check']),
    at: 'second',
    path: ['config', 'keywords', 0],
  },
  {
    code: 'auto_response_taken',
    graph: changed([{ id: 'start', type: 'any-text', config: { when: 'closed' } }]),
    context: { takenKeys: [{ kind: 'text', key: 'closed', sender: '', flow: 'Other' }] },
    at: 'start',
    path: ['config', 'when'],
  },
  {
    code: 'auto_response_duplicate',
    graph: changed(
      ['first', 'second'].map((id) => ({ id, type: 'any-text', config: {} })),
      ['first next check', 'second next check'],
    ),
    at: 'second',
    path: ['config', 'when'],
  },
  {
    code: 'event_duplicate',
    graph: changed(
      ['first', 'second'].map((id) => ({ id, type: 'api-event', config: { event: 'order.placed' } })),
      ['first next check', 'second next check'],
    ),
    at: 'second',
    path: ['config', 'event'],
  },
  {
    code: 'segment_unfit',
    graph: changed([{ id: 'start', type: 'segment', config: { segment: 'lst_01jd4w7h8zqv3m5k2n9x6r0t4c' } }]),
    at: 'start',
    path: ['config', 'segment'],
  },
  {
    code: 'segment_duplicate',
    graph: changed(
      ['first', 'second'].map((id) => ({ id, type: 'segment', config: { segment: 'seg_01jd4w7h8zqv3m5k2n9x6r0t4c' } })),
      ['first next check', 'second next check'],
    ),
    at: 'second',
    path: ['config', 'segment'],
  },
  {
    code: 'campaign_duplicate',
    graph: changed(
      ['first', 'second'].map((id) => ({ id, type: 'campaign', config: {} })),
      ['first next check', 'second next check'],
    ),
    at: 'second',
    path: ['config'],
  },
  {
    code: 'message_too_long',
    graph: changed([{ id: 'send', config: { text: 'x'.repeat(1_601) } }]),
    at: 'send',
    path: ['config', 'text'],
  },
  {
    code: 'template_invalid',
    graph: changed([{ id: 'send', config: { text: '{{ x' } }]),
    at: 'send',
    path: ['config', 'text'],
  },
  {
    code: 'template_unknown_variable',
    graph: changed([{ id: 'send', config: { text: 'Hi {{ name }}' } }]),
    at: 'send',
    path: ['config', 'text'],
  },
  {
    code: 'condition_field_unknown',
    graph: changed([branch({ field: 'shoe', op: 'is_set' })], forked),
    at: 'fork',
    path: ['config', 'branches', 0, 'condition', 'field'],
  },
  {
    code: 'condition_operator_unfit',
    graph: changed([branch({ field: 'contact.email', op: '=', value: 1 })], forked),
    at: 'fork',
    path: ['config', 'branches', 0, 'condition', 'op'],
  },
  {
    code: 'condition_range_reversed',
    graph: changed([branch({ field: 'event.data.n', op: 'between', value: [2, 1] })], forked),
    at: 'fork',
    path: ['config', 'branches', 0, 'condition', 'value'],
  },
  {
    code: 'condition_segment_only',
    graph: changed([branch({ field: 'events.order.placed', op: 'never_happened', within_days: 30 })], forked),
    at: 'fork',
    path: ['config', 'branches', 0, 'condition', 'field'],
  },
  {
    code: 'condition_never_met',
    graph: changed([branch({ field: 'reply.text', op: 'is', value: 'Cancel' })], forked),
    at: 'fork',
    path: ['config', 'branches', 0, 'condition', 'value'],
  },
  {
    code: 'template_no_result',
    graph: changed([{ id: 'send', config: { text: '{{ event.data.total | divided_by: event.data.people }}' } }]),
    at: 'send',
    path: ['config', 'text'],
  },
  {
    code: 'template_no_date',
    graph: changed([{ id: 'send', config: { text: "{{ contact.attributes.day | default: 'day 3' | date }}" } }]),
    at: 'send',
    path: ['config', 'text'],
  },
  {
    code: 'template_no_words',
    graph: changed([{ id: 'send', config: { text: '{{ contact.attributes.plan or false }}' } }]),
    at: 'send',
    path: ['config', 'text'],
  },
  {
    code: 'template_gone',
    graph: sending(1),
    at: 'send',
    path: ['config', 'template'],
    context: { texts: { templates: new Map(), snippets: new Map() } },
  },
  { code: 'template_version_gone', graph: sending(3), at: 'send', path: ['config', 'template'], context: having({}) },
  {
    code: 'template_unpublished',
    graph: sending(null),
    at: 'send',
    path: ['config', 'template'],
    context: having({ newest: null }),
  },
  {
    code: 'template_archived',
    graph: sending(2),
    at: 'send',
    path: ['config', 'template'],
    context: having({ archived: true }),
  },
  {
    code: 'snippet_gone',
    graph: changed([{ id: 'send', config: { text: 'Hello {{ snippet.sign_off }}' } }]),
    at: 'send',
    path: ['config', 'text'],
    context: having({}),
  },
  {
    code: 'code_pool_gone',
    graph: changed([{ id: 'send', config: { text: 'Yours: {{ codes.spring }}' } }]),
    at: 'send',
    path: ['config', 'text'],
    context: { texts: { templates: new Map(), snippets: new Map(), codePools: new Set(['summer']) } },
  },
  {
    code: 'missing_not_named',
    graph: changed([
      { id: 'send', config: { text: 'Hello', missing: [{ variable: 'contact.first_name', do: 'skip' }] } },
    ]),
    at: 'send',
    path: ['config', 'missing', 0],
  },
  {
    code: 'condition_value_empty',
    graph: changed([branch({ field: 'reply.text', op: 'is', value: ' ' })], forked),
    at: 'fork',
    path: ['config', 'branches', 0, 'condition', 'value'],
  },
  {
    code: 'outlet_unconnected',
    graph: changed([], ['-send sent done']),
    at: 'send',
    path: ['outlets', 'sent'],
  },
  {
    code: 'test_goal_missing',
    graph: changed(
      [
        {
          id: 'tried',
          type: 'test',
          config: {
            arms: [
              { id: 'a', label: 'A', weight: 1 },
              { id: 'b', label: 'B', weight: 1 },
            ],
            metric: { kind: 'revenue', goal: null },
          },
        },
      ],
      ['-check yes send', 'check yes tried', 'tried a send', 'tried b send'],
    ),
    at: 'tried',
    path: ['config', 'metric', 'goal'],
  },
  {
    code: 'no_consent_check_before_marketing',
    graph: changed([], ['-check no done', 'check no send']),
    at: 'send',
    path: [],
  },
];

/** How bad each is, by its code: the general ones, and those of single nodes. */
const listed: ReadonlyMap<string, Problem['severity']> = new Map(
  [problemTable, ...catalogue.map((node) => node.problems ?? {})].flatMap((texts) =>
    Object.entries(texts).map(([code, { severity }]) => [code, severity] as const),
  ),
);

describe('validation', () => {
  it('finds nothing in a good flow', () => {
    expect(validateFlow(good, catalogue)).toEqual([]);
  });

  it('finds nothing where the template is there, with that version or whichever is the newest', () => {
    for (const version of [null, 1, 2]) expect(validateFlow(sending(version), catalogue, having({}))).toEqual([]);
    expect(validateFlow(sending(9), catalogue)).toEqual([]);
  });

  it('does not count an open “not sent”: most flows have nothing more to say there', () => {
    expect(validateFlow(changed([], ['-send not_sent done']), catalogue)).toEqual([]);
  });

  for (const { code, graph: flow, at, path, context, also = [] } of cases) {
    it(code, () => {
      const problems = validateFlow(flow, catalogue, context);
      expect([...new Set(problems.map((problem) => problem.code))].sort()).toEqual([code, ...also].sort());
      expect(problems).toContainEqual(
        expect.objectContaining({ code, path, ...(at === undefined ? {} : { step_id: at }) }),
      );
      for (const problem of problems) {
        expect(`${problem.title} ${problem.fix}`).not.toMatch(/\{\w+\}|undefined/);
        expect(problem.fix).toMatch(/^\p{Lu}.*\.|\}\}$/u);
      }
      expect(blockingProblems(problems).length > 0).toBe(listed.get(code) === 'error');
    });
  }

  it('every listed code is found by a case', () => {
    expect([...new Set(cases.map(({ code }) => code))].sort()).toEqual([...listed.keys()].sort());
  });

  it('a code that a node has no text for is shown as it is, and nothing breaks', () => {
    const shout: AnyNode = defineNode({
      type: 'shout',
      version: 1,
      title: 'Shout',
      group: 'trigger',
      icon: 'circle',
      docs: 'Reports a problem that no table lists.',
      effect: 'none',
      config: z.object({}),
      summary: () => 'Shouts',
      outlets: () => [{ id: 'next', label: 'Next' }],
      run: () => next('next'),
    });
    const loud: AnyNode = {
      ...shout,
      bind: (config) => ({ ...shout.bind(config), check: () => [{ code: 'too_loud', path: [] }] }),
    };
    expect(validateFlow(graph([{ ...done, type: 'shout' }], []), [loud])).toContainEqual(
      expect.objectContaining({ code: 'too_loud', title: 'too_loud', severity: 'error' }),
    );
  });

  it('flows may share an event, and a word that is an event elsewhere', () => {
    const shared = changed([{ id: 'told', type: 'api-event', config: { event: 'join' } }], ['told next check']);
    const takenKeys = [{ kind: 'api', key: 'join', sender: '', flow: 'Other' }];
    expect(validateFlow(shared, catalogue, { takenKeys })).toEqual([]);
  });

  it('a keyword is one live flow’s at a sender: another may have it at another, and at any', () => {
    const at = (sender: string) => ({ takenKeys: [{ kind: 'keyword', key: 'join', sender, flow: 'Other' }] });
    const here = changed([{ id: 'start', config: { keywords: ['join'], senders: ['+12025550100', '+12025550101'] } }]);
    expect(validateFlow(here, catalogue, at('+12025550101'))).toMatchObject([{ code: 'keyword_taken' }]);
    expect(validateFlow(here, catalogue, at('+12025550102'))).toEqual([]);
    expect(validateFlow(here, catalogue, at(''))).toEqual([]);
  });

  it('a trigger of another type that listens for the same is a duplicate, whatever its config looks like', () => {
    const shop: AnyNode = defineNode({
      type: 'shop',
      version: 1,
      title: 'Shop',
      group: 'trigger',
      icon: 'circle',
      docs: 'Lets people in who bought in the shop.',
      effect: 'none',
      config: z.object({ till: z.int() }),
      summary: () => 'Someone bought',
      outlets: () => [{ id: 'next', label: 'Next' }],
      trigger: ({ till }) => ({
        kind: 'api',
        keys: [{ key: `till.${till}`, path: ['till'] }],
        entered: () => null,
      }),
      run: () => next('next'),
    });
    const flow = changed(
      [
        { id: 'shop', type: 'shop', config: { till: 7 } },
        { id: 'told', type: 'api-event', config: { event: 'till.7' } },
      ],
      ['shop next check', 'told next check'],
    );
    expect(validateFlow(flow, [...catalogue, shop])).toMatchObject([
      { code: 'event_duplicate', step_id: 'told', path: ['config', 'event'] },
    ]);
  });

  it('one word in two spellings of i is one keyword', () => {
    const second = { ...start, id: 'second', config: { keywords: ['kayit'] } };
    const problems = validateFlow(
      changed([{ id: 'start', config: { keywords: ['kayıt'] } }, second], ['second next check']),
      catalogue,
    );
    expect(problems).toMatchObject([
      { code: 'keyword_duplicate', step_id: 'second', path: ['config', 'keywords', 0], values: { key: 'KAYIT' } },
    ]);
  });

  it('a branch may compare a reply as the number that it is, and not as a date', () => {
    const on = (condition: Step['config'][string]) =>
      validateFlow(changed([branch(condition)], forked), catalogue).map(({ code }) => code);
    expect(on({ field: 'reply.text', op: '>=', value: 18 })).toEqual([]);
    expect(on({ field: 'reply.text', op: 'between', value: [1, 5] })).toEqual([]);
    expect(on({ field: 'reply.text', op: 'before', value: '2026-01-15' })).toEqual(['condition_operator_unfit']);
    expect(on({ field: 'reply.text', op: 'is_true' })).toEqual(['condition_operator_unfit']);
  });

  for (const value of ['cancel', 'stop', 'end', 'quit', 'help', 'info', 'STOP!', 'arret']) {
    it(`says that a branch on the reply ${value} can never be taken`, () => {
      for (const condition of [
        { field: 'reply.text', op: 'is', value },
        { field: 'reply.text', op: 'is_one_of', value: ['yes', value] },
      ]) {
        const found = validateFlow(changed([branch(condition)], forked), catalogue);
        expect(found).toMatchObject([{ code: 'condition_never_met', severity: 'warning', values: { value } }]);
      }
    });
  }

  for (const [op, value] of [
    ['contains', 'stop texting'],
    ['ends_with', 'unsubscribe'],
    ['starts_with', 'please stop'],
  ] as const) {
    it(`says that a branch on a reply that ${op} ${value} waits for what is handled first`, () => {
      const found = validateFlow(changed([branch({ field: 'reply.text', op, value })], forked), catalogue);
      expect(found).toMatchObject([{ code: 'condition_never_met', severity: 'warning', values: { value } }]);
    });
  }

  it('a branch on a yes, on a part of words, or on another field, can be taken', () => {
    for (const condition of [
      { field: 'reply.text', op: 'contains', value: 'end' },
      { field: 'reply.text', op: 'contains', value: 'help' },
      { field: 'reply.text', op: 'is', value: 'yes' },
      { field: 'contact.attributes.plan', op: 'is', value: 'end' },
      { field: 'reply.text', op: 'is_not', value: 'stop' },
    ])
      expect(validateFlow(changed([branch(condition)], forked), catalogue)).toEqual([]);
  });

  it('a circle in which people are texted without time or a reply between is refused', () => {
    const problems = validateFlow(changed([], ['-send sent done', 'send sent check']), catalogue);
    expect(problems.filter(({ severity }) => severity === 'error')).toMatchObject([{ code: 'cycle_without_pause' }]);
  });

  it('a cycle is fine where a wait lies on it', () => {
    const round = ['-send sent done', 'send sent pause', 'pause done check'];
    expect(validateFlow(changed([pause], round), catalogue)).toEqual([]);
  });

  it('a message that is refused pauses nobody', () => {
    const problems = validateFlow(changed([], ['-send not_sent done', 'send not_sent check']), catalogue);
    expect(problems.map(({ code }) => code)).toEqual(['cycle_without_pause']);
    const self = validateFlow(changed([], ['-send not_sent done', 'send not_sent send']), catalogue);
    expect(self).toMatchObject([{ code: 'cycle_without_pause', step_id: 'send' }]);
  });

  it('two circles are two problems, and what lies behind them is none', () => {
    const flow = changed(
      ['a', 'b', 'c', 'd'].map((id) => ({ id, type: 'check-consent' })),
      [
        '-check no done',
        'check no a',
        'a yes b',
        'b yes a',
        'a no c',
        'b no c',
        'c yes d',
        'd yes c',
        'c no send',
        'd no send',
      ],
    );
    const cycles = validateFlow(flow, catalogue).filter(({ code }) => code === 'cycle_without_pause');
    expect(cycles.map(({ step_id }) => step_id)).toEqual(['a', 'c']);
  });

  it('names the place inside a condition that does not fit', () => {
    const flow = changed([branch({ all: [{ field: 'reply.text', op: 'is', value: 5 }] })], forked);
    const [problem] = validateFlow(flow, catalogue);
    expect(problem).toMatchObject({ code: 'config_invalid', step_id: 'fork' });
    expect(problem?.path.slice(0, 7)).toEqual(['config', 'branches', 0, 'condition', 'all', 0, 'value']);
  });

  it('what lies behind an unknown step is not called unreachable', () => {
    const flow = changed([{ id: 'check', type: 'gone' }]);
    expect(validateFlow(flow, catalogue).map(({ code }) => code)).toEqual([
      'unknown_node',
      'no_consent_check_before_marketing',
    ]);
  });

  it('a message that only the longest names make too long is a warning', () => {
    const flow = changed([{ id: 'send', config: { text: `${'x'.repeat(1_590)}{{ contact.first_name }}` } }]);
    expect(validateFlow(flow, catalogue)).toMatchObject([
      { code: 'message_too_long', severity: 'warning', values: { characters: 1_620 } },
    ]);
  });

  it('a thousand steps take well under a second', () => {
    const steps = Array.from({ length: 998 }, (_, index): Step => ({ ...pause, id: `s${index}` }));
    const lines = steps.map(({ id }, index) => `${id} done ${index === steps.length - 1 ? 'done' : `s${index + 1}`}`);
    const flow = graph([start, ...steps, done], ['start next s0', ...lines]);
    // The processor's time: whatever else the machine does is not ours.
    const before = process.cpuUsage();
    expect(validateFlow(flow, catalogue)).toEqual([]);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(1_000);
  });
});
