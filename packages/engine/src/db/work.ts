import type { WorkspaceTx } from './database.ts';

/** What reading in one workspace needs: a transaction in which nothing else exists. */
export type Scope = {
  readonly tx: WorkspaceTx;
  readonly workspaceId: string;
};

/** What changing something in one workspace needs: the same, at a moment that whoever began it fixed. */
export type Work = Scope & {
  /** The injected clock's, or the workflow's where a step call brought it. */
  readonly now: Date;
};
