/** One reason why the local set-up cannot go on: what is wrong, and what the person at the terminal can do. */
export interface SetupProblem {
  /** Stable, for scripts and tests. */
  readonly code: string;
  readonly problem: string;
  readonly remedy: string;
}

/** Thrown by everything in this folder when the machine, not the program, is in the way. */
export class LocalSetupError extends Error {
  readonly code: string;
  readonly problem: string;
  readonly remedy: string;

  constructor(reason: SetupProblem, options?: ErrorOptions) {
    super(`${reason.problem} ${reason.remedy}`, options);
    this.name = 'LocalSetupError';
    this.code = reason.code;
    this.problem = reason.problem;
    this.remedy = reason.remedy;
  }
}
