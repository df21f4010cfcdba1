import type { Step } from '@signalbox/nodes/flow/graph';
import { catalogue } from '@signalbox/nodes/library/catalogue.gen';
import { describe, expect, it } from 'vitest';
import { newStep, outletsOf, settledOutlets, viewOf } from './library.ts';

describe('a step that sends a template', () => {
  const step = (config: Step['config']): Step => ({ ...newStep('send-sms', 'x'), config });

  it('is called by its type and says which, not by a text that is left in its config', () => {
    const template = { id: 'tpl_01jd4w7h8zqv3m5k2n9x6r0t4c', version: null, name: 'Welcome' };
    const view = viewOf(step({ source: 'template', text: 'Left over', template }));
    expect([view.title, view.summary]).toEqual(['Send SMS', '“Welcome”, its newest version']);
  });

  it('knows its ways out before a template is chosen', () => {
    expect(outletsOf(step({ source: 'template' })).map(({ id }) => id)).toEqual(['sent', 'not_sent']);
  });
});

describe('a new step', () => {
  for (const node of catalogue) {
    it(`of type ${node.type} knows its ways out before it is filled in`, () => {
      const step = newStep(node.type, 'x');
      expect(outletsOf(step).length > 0).toBe(node.group !== 'end');
      expect(viewOf(step).icon).toBe(node.icon);
    });
  }

  it('keeps a branch with a half-written condition and label on its ways out', () => {
    const branch = {
      ...newStep('branch', 'x'),
      config: { branches: [{ id: 'yes', label: '', condition: { field: 'reply.text', op: 'is', value: '' } }] },
    };
    expect(outletsOf(branch).map((outlet) => outlet.id)).toEqual(['yes', 'else']);
    expect(settledOutlets(branch)).toBeNull();
  });
});

describe('a step without a name of its own', () => {
  const sms = (text: string, name?: string) => ({
    ...newStep('send-sms', 'x'),
    ...(name === undefined ? {} : { name }),
    config: { text, purpose: 'transactional' },
  });

  it('goes by the first words of its text, and the rest follows below', () => {
    const long = viewOf(sms("Hello {{ contact.first_name | default: 'you' }}! Would you like a tip a week?"));
    expect(long.title).toBe('Hello [first name]!…');
    expect(long.summary).toBe('Would you like a tip a week?');
    expect(long.called).toBe('“Hello [first name]!…”');
  });

  it('says what it is where the words are all of it', () => {
    const short = viewOf(sms('See you soon'));
    expect([short.title, short.summary]).toEqual(['See you soon', 'Send SMS']);
  });

  it('is not cut with two marks where a pause was written', () => {
    expect(viewOf(sms('Welcome back, dear… Shall we go on?')).title).toBe('Welcome back, dear…');
  });

  it('cuts a word that is too long without splitting a letter', () => {
    expect(viewOf(sms('😀'.repeat(60))).title).toBe(`${'😀'.repeat(24)}…`);
  });

  it('goes by what it is while nothing is written, and by its name where it has one', () => {
    expect(viewOf(sms('  ')).title).toBe('Send SMS');
    expect(viewOf(sms('See you soon', 'Goodbye')).title).toBe('Goodbye');
  });
});
