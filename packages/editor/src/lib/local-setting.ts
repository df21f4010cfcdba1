import { useSyncExternalStore } from 'react';

/** A choice that is kept in this browser. */
export type LocalSetting<V extends string> = {
  readonly get: () => V;
  readonly set: (value: V) => void;
  /** The choice, for components. */
  readonly use: () => V;
};

/** Makes a setting with its possible values; the first holds until another is chosen. */
export function createLocalSetting<const V extends string>(
  name: string,
  values: readonly [V, ...V[]],
  storage: Pick<Storage, 'getItem' | 'setItem'> = localStorage,
): LocalSetting<V> {
  const key = `signalbox.${name}`;
  const listeners = new Set<() => void>();
  const get = (): V => {
    const stored = storage.getItem(key);
    return values.find((value) => value === stored) ?? values[0];
  };
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    get,
    set: (value) => {
      storage.setItem(key, value);
      for (const listener of listeners) listener();
    },
    use: () => useSyncExternalStore(subscribe, get),
  };
}
