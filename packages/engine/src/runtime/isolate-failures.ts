import type { Answer } from './group-commit.ts';

type Commit<Item, Result> = (key: string, items: readonly Item[]) => Promise<ReadonlyArray<Result | Error>>;

/**
 * Keeps what fails from everything else that was to be committed with it or comes after it. A batch that fails is halved until what
 * fails stands alone; only where nothing can be stored at the moment is it tried again as a whole. What stands alone is tried again by
 * itself, unless that cannot help, and nobody waits for it. Items must be stored once however often they are tried.
 */
export function isolateFailures<Item, Result>(options: {
  readonly commit: Commit<Item, Result>;
  /** True where the failure has nothing to do with the items: the store is out of reach, or somebody else was first. */
  readonly isOutage: (error: unknown) => boolean;
  /** True where trying the same items again changes nothing. */
  readonly isFinal: (error: unknown) => boolean;
  readonly onRetry: (error: unknown, attempt: number) => void;
  readonly wait: (ms: number) => Promise<void>;
  readonly tries?: number;
}): (key: string, items: readonly Item[]) => Promise<ReadonlyArray<Answer<Result>>> {
  const { commit, isOutage, isFinal, onRetry, wait, tries = 4 } = options;

  const attempt = async (
    key: string,
    items: readonly Item[],
    number: number,
  ): Promise<ReadonlyArray<Answer<Result>>> => {
    try {
      return await commit(key, items);
    } catch (error) {
      if (items.length > 1 && (number === tries || !isOutage(error))) {
        const middle = Math.ceil(items.length / 2);
        const first = await attempt(key, items.slice(0, middle), number);
        return [...first, ...(await attempt(key, items.slice(middle), number))];
      }
      if (number === tries || isFinal(error)) return items.map(() => asError(error));
      onRetry(error, number);
      const later = wait(100 * 3 ** number).then(() => attempt(key, items, number + 1));
      return items.map(async (_item, index) => {
        const answer = await (await later)[index];
        if (answer === undefined || answer instanceof Error) throw answer ?? asError(error);
        return answer;
      });
    }
  };
  return (key, items) => attempt(key, items, 1);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
