import { describe, expect, it } from 'vitest';
import { createLocalSetting } from './local-setting.ts';

describe('a setting of this browser', () => {
  const store = new Map<string, string>();
  const storage = {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => void store.set(key, value),
  };

  it('keeps what was chosen, and holds its first value otherwise', () => {
    const setting = createLocalSetting('density', ['roomy', 'compact'], storage);
    expect(setting.get()).toBe('roomy');
    setting.set('compact');
    expect(setting.get()).toBe('compact');
    expect(store.get('signalbox.density')).toBe('compact');
    store.set('signalbox.density', 'from another version');
    expect(setting.get()).toBe('roomy');
  });
});
