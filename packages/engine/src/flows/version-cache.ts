import type { AnyNode, BoundNode } from '@signalbox/nodes/define/define-node';
import type { CompiledFlow, CompiledStep } from '@signalbox/nodes/flow/compile-types';
import { LRUCache } from 'lru-cache';
import type { WorkspaceTx } from '../db/database.ts';

/** A step ready to run: its compiled form with the node bound to its config. */
export type LoadedStep = CompiledStep & { readonly node: AnyNode; readonly bound: BoundNode };

/** A published version, parsed once and kept: versions never change. */
export type LoadedVersion = {
  readonly id: string;
  readonly flowId: string;
  readonly number: number;
  readonly steps: readonly LoadedStep[];
  /** The workflow function of a code flow; null for flows with lines. */
  readonly workflow: string | null;
};

export type VersionCache = {
  /** The version, from memory where known. @throws Error where it does not exist in the transaction's workspace. */
  readonly load: (tx: WorkspaceTx, workspaceId: string, versionId: string) => Promise<LoadedVersion>;
};

/** Keeps the last `max` versions. The cache is keyed by workspace too, so an id of another workspace is never served. */
export function createVersionCache(nodes: ReadonlyMap<string, AnyNode>, max = 500): VersionCache {
  const cache = new LRUCache<string, LoadedVersion>({ max });
  return {
    async load(tx, workspaceId, versionId) {
      const key = `${workspaceId}/${versionId}`;
      const known = cache.get(key);
      if (known !== undefined) return known;
      const row = await tx
        .selectFrom('flow_versions')
        .select(['flow_id', 'number', 'compiled'])
        .where('workspace_id', '=', workspaceId)
        .where('id', '=', versionId)
        .executeTakeFirstOrThrow();
      const compiled = row.compiled as CompiledFlow & { readonly workflow?: string };
      const version = {
        id: versionId,
        flowId: row.flow_id,
        number: row.number,
        steps: compiled.steps.map((step) => bindStep(nodes, step)),
        workflow: compiled.workflow ?? null,
      };
      cache.set(key, version);
      return version;
    },
  };
}

function bindStep(nodes: ReadonlyMap<string, AnyNode>, step: CompiledStep): LoadedStep {
  const node = nodes.get(step.type);
  if (node === undefined) throw new Error(`No node of type ${step.type} in this build's catalogue.`);
  return { ...step, node, bound: node.bind(step.config) };
}

/** The step at a rank. @throws Error where the version has none. */
export function stepAt(version: LoadedVersion, rank: number): LoadedStep {
  const step = version.steps[rank];
  if (step === undefined) throw new Error(`Version ${version.id} has no step ${rank}.`);
  return step;
}
