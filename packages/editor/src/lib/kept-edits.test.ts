import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/** A storage whose keys are its own, as a browser's are. */
function storage(from: Readonly<Record<string, string>> = {}): Record<string, unknown> {
  const own: Record<string, unknown> = { ...from };
  const methods = {
    getItem: (key: string) => own[key] ?? null,
    setItem: (key: string, value: string) => {
      own[key] = value;
    },
    removeItem: (key: string) => {
      delete own[key];
    },
  };
  for (const [name, value] of Object.entries(methods)) Object.defineProperty(own, name, { value, enumerable: false });
  return own;
}

const channels: BroadcastChannel[] = [];

type Tab = {
  readonly session: Record<string, unknown>;
  readonly name: string;
  readonly keep: (text: string | null) => void;
  readonly kept: () => Promise<string | null>;
  /** The tab goes, and answers nobody any more. */
  readonly close: () => void;
};

/** A tab of a browser, with what it remembers of itself. */
async function open(session = storage()): Promise<Tab> {
  vi.resetModules();
  vi.stubGlobal('sessionStorage', session);
  const before = channels.length;
  const { tabName, keepEdits, keptEdits } = await import('./kept-edits.ts');
  const name = await tabName();
  const mine = channels.slice(before);
  return {
    session,
    name,
    keep: (text) => keepEdits('flow', name, text),
    kept: () => keptEdits('flow', name),
    close: () => {
      for (const channel of mine) channel.close();
    },
  };
}

const copyOf = ({ session }: Tab) => storage({ 'signalbox.tab': String(session['signalbox.tab']) });

describe('Edits that the server does not have, in two tabs on plain HTTP', () => {
  beforeEach(() => {
    const Channel = BroadcastChannel;
    vi.stubGlobal('navigator', {});
    vi.stubGlobal('localStorage', storage());
    vi.stubGlobal(
      'BroadcastChannel',
      class extends Channel {
        constructor(name: string) {
          super(name);
          channels.push(this);
        }
      },
    );
  });
  afterEach(() => {
    for (const channel of channels.splice(0)) channel.close();
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  it('stay apart in a tab and its copy', async () => {
    const first = await open();
    first.keep('mine');
    const copy = await open(copyOf(first));
    expect(copy.name).not.toBe(first.name);
    copy.keep('of the copy');
    expect(await first.kept()).toBe('mine');
    expect(await copy.kept()).toBe('of the copy');
  });

  it('are there after a reload, under the name that the tab had', async () => {
    const first = await open();
    first.keep('mine');
    first.close();
    const again = await open(first.session);
    expect(again.name).toBe(first.name);
    expect(await again.kept()).toBe('mine');
  });

  it('stay with a tab that is there, however long they have not changed', async () => {
    const first = await open();
    first.keep('mine');
    vi.useFakeTimers({ now: Date.now() + 60 * 60_000, toFake: ['Date'] });
    const second = await open();
    expect(await second.kept()).toBeNull();
    expect(await first.kept()).toBe('mine');
  });

  it('go on in one other tab where theirs is gone, and are not lost should it only have slept', async () => {
    const first = await open();
    first.keep('mine');
    first.close();
    const second = await open();
    expect(await second.kept()).toBe('mine');
    const third = await open();
    expect(await third.kept()).toBeNull();
    expect(await (await open(first.session)).kept()).toBe('mine');
  });

  it('are forgotten a week after another tab has taken them over', async () => {
    const first = await open();
    first.keep('mine');
    first.close();
    const second = await open();
    expect(await second.kept()).toBe('mine');
    second.keep(null);
    expect(Object.keys(localStorage)).toHaveLength(1);
    vi.useFakeTimers({ now: Date.now() + 8 * 24 * 60 * 60_000, toFake: ['Date'] });
    expect(await (await open()).kept()).toBeNull();
    expect(Object.keys(localStorage)).toEqual([]);
  });
});

describe('Edits that the server does not have, where the browser has locks', () => {
  it('move to the tab that opens the flow once theirs is gone', async () => {
    const held = new Set<string>();
    const locks = {
      request: async (name: string, _options: unknown, run: (lock: object | null) => unknown) => {
        const free = !held.has(name);
        held.add(name);
        await run(free ? {} : null);
      },
      query: async () => ({ held: [...held].map((name) => ({ name })) }),
    };
    vi.stubGlobal('navigator', { locks });
    vi.stubGlobal('localStorage', storage());
    const first = await open();
    first.keep('mine');
    const copy = await open(copyOf(first));
    expect(copy.name).not.toBe(first.name);
    expect(await copy.kept()).toBeNull();
    held.delete(`signalbox-tab-${first.name}`);
    expect(await copy.kept()).toBe('mine');
    expect(Object.keys(localStorage)).toEqual([`signalbox.unsaved.flow.${copy.name}`]);
    vi.unstubAllGlobals();
    vi.resetModules();
  });
});
