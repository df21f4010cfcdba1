import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { dateData, failingDates, shownDates } from './date-cases.ts';
import { measureSample } from './template-sample.ts';
import { renderTemplate } from './templates.ts';

describe('dates in a text', () => {
  for (const [source, shown] of shownDates) {
    it(source, () => expect(renderTemplate(source, dateData)).toBe(shown));
  }

  for (const source of failingDates) {
    it(`fails instead of a day that nobody wrote: ${source}`, () => {
      expect(() => renderTemplate(source, dateData)).toThrow(expect.objectContaining({ code: 'template_no_date' }));
      expect(measureSample(source).text).not.toMatch(/NaN|Infinity|e\+/);
    });
  }

  const script = `
    const { dateData, failingDates, shownDates } = await import(${JSON.stringify(new URL('date-cases.ts', import.meta.url))});
    const { renderTemplate } = await import(${JSON.stringify(new URL('templates.ts', import.meta.url))});
    const shown = (source) => {
      try { return renderTemplate(source, dateData); } catch (error) { return error.code; }
    };
    const sources = [...shownDates.map(([source]) => source), ...failingDates];
    console.log(JSON.stringify([new Date(2026, 2, 4).toISOString(), ...sources.map(shown)]));
  `;
  for (const [zone, midnight] of [
    ['Pacific/Kiritimati', '2026-03-03T10:00:00.000Z'],
    ['America/Los_Angeles', '2026-03-04T08:00:00.000Z'],
  ] as const) {
    it(`are the same where the server’s clocks are those of ${zone}`, () => {
      const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
        env: { ...process.env, TZ: zone },
        encoding: 'utf8',
      });
      expect(JSON.parse(printed)).toEqual([
        midnight,
        ...shownDates.map(([, shown]) => shown),
        ...failingDates.map(() => 'template_no_date'),
      ]);
    });
  }
});
