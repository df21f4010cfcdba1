import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { rules } from './catalogue.gen.ts';
import { defineRule, later, mildest, refuse, send } from './define-rule.ts';
import { askGate, refusesEveryone } from './gate.ts';
import { type GateCase, runGateCase, sampleFacts } from './gate-case.ts';

const casesSchema = z.object({ cases: z.array(z.custom<GateCase>((value) => typeof value === 'object')).min(2) });

describe.each(rules)('$name', (rule) => {
  test('stands in the file of its name and says what it sees to', () => {
    expect(readdirSync(import.meta.dirname)).toContain(`${rule.name}.ts`);
    expect(rule.says).toMatch(/^[A-Z].*\.$/);
    for (const [code, remedy] of Object.entries(rule.remedies ?? {})) {
      expect(Object.keys(rule.reasons)).toContain(code);
      expect(remedy).toMatch(/^[A-Z].*\.$/);
    }
  });

  test('says what to do where it refuses everybody', () => {
    for (const hasSender of [true, false]) {
      const verdict = rule.decide({ ...sampleFacts, ...mildest, hasSender });
      if (verdict.kind === 'refuse') expect(Object.keys(rule.remedies ?? {})).toContain(verdict.reason.code);
    }
  });

  test('has a table of cases, one of which is no', async () => {
    const { cases } = casesSchema.parse(await import(`./${rule.name}.cases.ts`));
    for (const each of cases) expect([each.name, runGateCase(rule, each)]).toEqual([each.name, each.verdict]);
    const given = cases.map(({ verdict }) => verdict).filter((verdict) => verdict.kind !== 'send');
    expect(given.length).toBeGreaterThan(0);
    for (const { reason } of given) expect(Object.keys(rule.reasons)).toContain(reason.code);
  });
});

describe('the gate', () => {
  const until = (hour: number) => new Date(Date.UTC(2026, 2, 2, hour));
  const rule = (verdict: ReturnType<typeof later>, exempts: readonly 'compliance_answer'[] = []) =>
    defineRule({ name: 'planted', title: 'Planted', says: 'Planted.', reasons: {}, exempts, decide: () => verdict });

  test('lets through what no rule minds', () => {
    expect(askGate(sampleFacts, null)).toEqual(send);
  });

  test('a refusal wins over waiting, wherever it stands', () => {
    const [no, wait] = [rule(refuse('no')), rule(later(until(20), 'night'))];
    expect(askGate(sampleFacts, null, [wait, no])).toEqual(refuse('no'));
    expect(askGate(sampleFacts, null, [no, wait])).toEqual(refuse('no'));
  });

  test('of two that ask to wait, the one that asks longer is heard', () => {
    const [short, long] = [rule(later(until(18), 'pause')), rule(later(until(20), 'night'))];
    expect(askGate(sampleFacts, null, [short, long])).toEqual(later(until(20), 'night'));
    expect(askGate(sampleFacts, null, [long, short])).toEqual(later(until(20), 'night'));
  });

  test('an exemption passes the rules that name it, and no other', () => {
    const [knows, other] = [rule(refuse('a'), ['compliance_answer']), rule(refuse('b'))];
    expect(askGate(sampleFacts, 'compliance_answer', [knows])).toEqual(send);
    expect(askGate(sampleFacts, 'compliance_answer', [knows, other])).toEqual(refuse('b'));
    expect(askGate(sampleFacts, null, [knows])).toEqual(refuse('a'));
  });

  test('says before anything is sent that nobody could get it, and only then', () => {
    const now = new Date('2026-03-02T15:00:00Z');
    expect(refusesEveryone({ hasSender: false, now })).toEqual({ code: 'no_sender' });
    expect(refusesEveryone({ hasSender: true, now })).toBeNull();
    expect(refusesEveryone({ hasSender: true, now }, [rule(refuse('closed'))])).toEqual({ code: 'closed' });
    expect(refusesEveryone({ hasSender: true, now }, [rule(later(until(20), 'night'))])).toBeNull();
  });
});
