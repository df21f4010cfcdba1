import { suppressionReasons } from '@signalbox/nodes/define/consent-codes';
import { describe, expect, it } from 'vitest';
import { showReason } from './reasons.ts';

describe('reasons', () => {
  it.each(suppressionReasons)('say why a number is suppressed in words: %s', (reason) => {
    for (const stored of [
      { code: 'suppressed', values: { reason } },
      { code: 'opted_out', values: { method: reason } },
    ]) {
      const shown = showReason(stored);
      expect(shown?.text).toMatch(/^(?:This number may not be texted|Opted out): [a-z]/);
      expect(shown?.text).not.toMatch(/[_{}]/);
      expect(shown).toMatchObject(stored);
    }
  });

  it('leave out a cause that this version does not know', () => {
    expect(showReason({ code: 'suppressed', values: { reason: 'from_elsewhere' } })?.text).toBe(
      'This number may not be texted',
    );
    expect(showReason({ code: 'opted_out' })?.text).toBe('Opted out');
  });

  it.each(['constructor', 'toString', '__proto__'])('show a code that nobody knows as it is: %s', (code) => {
    expect(showReason({ code })?.text).toBe(code);
  });

  it('are null for what is none', () => {
    expect(showReason(null)).toBeNull();
    expect(showReason({ code: 7 })).toBeNull();
  });
});
