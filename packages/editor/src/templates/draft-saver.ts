/** Where edits of a document stand: on the server, waiting for a pause in typing, on their way, or refused. */
export type SaveState = 'saved' | 'waiting' | 'saving' | 'refused';

export type DraftSaver<T> = {
  readonly edit: (value: T) => void;
  /** Resolves once nothing waits; what was refused waits on. */
  readonly flush: () => Promise<void>;
  /** Goes on from a document that somebody else made: with this tab's own edits still waiting, or without them. */
  readonly goOnFrom: (revision: number, options: { readonly keepMine: boolean }) => void;
  readonly revision: () => number;
  readonly state: () => SaveState;
  readonly error: () => unknown;
};

/** Saves a document a moment after each edit, one request at a time, each with the revision that the one before came to. */
export function createDraftSaver<T>(options: {
  readonly revision: number;
  /** Resolves to the revision of what was saved. */
  readonly save: (value: T, revision: number) => Promise<number>;
  readonly onChange: () => void;
  readonly quietMs?: number;
}): DraftSaver<T> {
  const { save, onChange, quietMs = 700 } = options;
  let { revision } = options;
  let pending: { readonly value: T } | null = null;
  let running: Promise<void> | null = null;
  let error: unknown = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const saveAll = async (): Promise<void> => {
    for (let sent = pending; sent !== null; sent = pending) {
      pending = null;
      onChange();
      try {
        revision = await save(sent.value, revision);
        error = null;
      } catch (refused) {
        pending ??= sent;
        error = refused;
        return;
      }
    }
  };
  const flush = async (): Promise<void> => {
    clearTimeout(timer);
    running ??= saveAll().finally(() => {
      running = null;
      onChange();
    });
    await running;
  };
  return {
    edit: (value) => {
      pending = { value };
      clearTimeout(timer);
      timer = setTimeout(() => void flush(), quietMs);
      onChange();
    },
    flush,
    goOnFrom: (next, { keepMine }) => {
      revision = next;
      error = null;
      if (!keepMine) {
        pending = null;
        clearTimeout(timer);
      }
      onChange();
    },
    revision: () => revision,
    state: () => (error !== null ? 'refused' : running !== null ? 'saving' : pending !== null ? 'waiting' : 'saved'),
    error: () => error,
  };
}
