/** Takes a commit back: receipts that came before their messages could be found tell that these numbers have opted out, which goes first. */
export class EarlyOptOutError extends Error {
  override readonly name = 'EarlyOptOutError';
  readonly numbers: readonly string[];

  constructor(numbers: readonly string[]) {
    super('Receipts tell of opt-outs.');
    this.numbers = numbers;
  }
}

/**
 * Makes a commit that joins early receipts. Where one of them tells of an opt-out it is taken back, the opt-out is committed, and it is
 * made again: whoever opted out must not go on as someone not reached, whatever crashes in between.
 *
 * @param commit throws `EarlyOptOutError` for opt-outs of numbers that are not among those handed to it.
 */
export async function hearingEarlyOptOuts<T>(
  optOut: (numbers: readonly string[]) => Promise<void>,
  commit: (heard: ReadonlySet<string>) => Promise<T>,
): Promise<T> {
  const heard = new Set<string>();
  for (;;) {
    try {
      return await commit(heard);
    } catch (error) {
      if (!(error instanceof EarlyOptOutError)) throw error;
      await optOut(error.numbers);
      for (const number of error.numbers) heard.add(number);
    }
  }
}
