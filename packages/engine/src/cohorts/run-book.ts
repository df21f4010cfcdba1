import { sql } from 'kysely';
import type { Work } from '../db/work.ts';
import type { Ids } from '../runtime/ids.ts';
import { type LoadedVersion, stepAt } from '../versions/version-cache.ts';
import { interactiveSize, type RunRef, runSize } from './run-ref.ts';

/** Runs of one transaction by place: whoever lands at the same place in it shares a run (protocol 11). */
export type RunBook = {
  /** The run of a place, with room for that many more people. */
  readonly place: (version: LoadedVersion, step: number, people: number) => string;
  /** Gives back room that was not taken. */
  readonly giveBack: (runId: string, people: number) => void;
  /** Remembers the book; the returned function brings it back, after a savepoint was rolled back. */
  readonly mark: () => () => void;
  /** Inserts the runs: the last thing before the commit that freezes them. */
  readonly flush: (work: Work) => Promise<RunRef[]>;
};

type Entry = { readonly runId: string; readonly version: LoadedVersion; readonly step: number; size: number };

export function createRunBook(ids: Ids): RunBook {
  let entries: Entry[] = [];
  return {
    place(version, step, people) {
      const open = entries.find(
        (entry) => entry.version.id === version.id && entry.step === step && entry.size + people <= runSize,
      );
      if (open !== undefined) {
        open.size += people;
        return open.runId;
      }
      const entry = { runId: ids.uuid(), version, step, size: people };
      entries.push(entry);
      return entry.runId;
    },
    giveBack(runId, people) {
      const entry = entries.find((candidate) => candidate.runId === runId);
      if (entry !== undefined) entry.size -= people;
    },
    mark() {
      const copy = entries.map((entry) => ({ ...entry }));
      return () => {
        entries = copy;
      };
    },
    async flush({ tx, workspaceId, now }) {
      const made = entries.filter((entry) => entry.size > 0);
      if (made.length === 0) return [];
      const kindOf = (entry: Entry) => (entry.size <= interactiveSize ? 'interactive' : 'bulk');
      await sql`
        INSERT INTO runs (workspace_id, id, flow_id, version_id, lane, step, size, created_at)
        SELECT ${workspaceId}::uuid, x.id, x.flow_id, x.version_id, x.kind, x.step, x.size, ${now} FROM unnest(
          ${made.map((entry) => entry.runId)}::uuid[], ${made.map((entry) => entry.version.flowId)}::uuid[],
          ${made.map((entry) => entry.version.id)}::uuid[], ${made.map(kindOf)}::text[],
          ${made.map((entry) => entry.step)}::smallint[], ${made.map((entry) => entry.size)}::int[]
        ) AS x(id, flow_id, version_id, kind, step, size)`.execute(tx);
      return made.map((entry): RunRef => {
        const step = stepAt(entry.version, entry.step);
        return {
          workspaceId,
          runId: entry.runId,
          kind: kindOf(entry),
          step: entry.step,
          label: `${step.type} ${step.id}`,
        };
      });
    },
  };
}
