import { sqlState } from '../db/database.ts';
import { type ProblemCode, ProblemError } from './problems.ts';

/** Where a unique index settles who of two gets something: whoever comes second gets this problem; other errors stay what they are. */
export function refuseTaken(code: ProblemCode): (error: unknown) => never {
  return (error) => {
    if (sqlState(error) === '23505') throw new ProblemError(code);
    throw error;
  };
}
