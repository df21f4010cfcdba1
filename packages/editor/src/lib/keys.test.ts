import { describe, expect, it } from 'vitest';
import { isSingleKey } from './keys.ts';

describe('a single key', () => {
  it.each(['KeyN', 'Slash', 'Shift+?', '+', 'Shift++', 'Digit1'])('%s is one', (binding) => {
    expect(isSingleKey(binding)).toBe(true);
  });

  it.each(['$mod+KeyK', 'Alt+Digit1', 'Enter', 'Escape', 'Delete', 'F8', 'Shift+F8', '$mod+Slash'])(
    '%s is none',
    (binding) => {
      expect(isSingleKey(binding)).toBe(false);
    },
  );
});
