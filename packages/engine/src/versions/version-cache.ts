import type { AnyNode, BoundNode } from '@signalbox/nodes/define/define-node';
import type { CompiledFlow, CompiledStep } from '@signalbox/nodes/flow/compile-types';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { Scope } from '../db/work.ts';

/**
 * A step ready to run: its compiled form with the node bound to its config. Binding waits until somebody asks: whoever only passes by
 * needs ids and lines alone. `node` and `bound` throw VersionUnreadableError where this build cannot run the step (`isReadable`).
 */
export type LoadedStep = CompiledStep & { readonly node: AnyNode; readonly bound: BoundNode };

/** A published version, parsed once and kept: versions never change. */
export type LoadedVersion = {
  readonly id: string;
  readonly flowId: string;
  readonly number: number;
  readonly steps: readonly LoadedStep[];
  /** What lasting draws of its people are salted with; null for versions that were published without. */
  readonly salt: string | null;
  /** The workflow function of a code flow; null for flows with lines. */
  readonly workflow: string | null;
  /** Whether its people come by a campaign. */
  readonly isCampaign: boolean;
};

/** This build cannot read a version, or cannot run a step of it: it is gone, or was published by a build that knew other nodes. */
export class VersionUnreadableError extends Error {
  override readonly name = 'VersionUnreadableError';
}

export type VersionCache = {
  /** The version, from memory where known. @throws VersionUnreadableError where it cannot be read, or is not of the transaction's workspace. */
  readonly load: (scope: Scope, versionId: string) => Promise<LoadedVersion>;
};

const compiledSchema = z.object({
  salt: z.literal('flow').optional(),
  steps: z.array(
    z.object({
      rank: z.int(),
      id: z.string(),
      type: z.string(),
      version: z.int(),
      config: z.record(z.string(), z.unknown()),
      outlets: z.array(z.object({ id: z.string(), label: z.string(), to: z.int().nullable() })),
      listens: z.boolean(),
    }),
  ),
  workflow: z.string().optional(),
}) satisfies z.ZodType<CompiledFlow>;

/** Keeps the last `max` versions. The cache is keyed by workspace too, so an id of another workspace is never served. */
export function createVersionCache(nodes: ReadonlyMap<string, AnyNode>, max = 500): VersionCache {
  const cache = new LRUCache<string, LoadedVersion>({ max });
  return {
    async load({ tx, workspaceId }, versionId) {
      const key = `${workspaceId}/${versionId}`;
      const known = cache.get(key);
      if (known !== undefined) return known;
      const row = await tx
        .selectFrom('flow_versions')
        .select(['flow_id', 'number', 'compiled'])
        .where('workspace_id', '=', workspaceId)
        .where('id', '=', versionId)
        .executeTakeFirst();
      if (row === undefined) throw new VersionUnreadableError(`There is no version ${versionId}.`);
      const compiled = compiledSchema.safeParse(row.compiled);
      if (!compiled.success) throw new VersionUnreadableError(`Version ${versionId} has another form.`);
      const version = toVersion({ id: versionId, flowId: row.flow_id, number: row.number }, compiled.data, nodes);
      cache.set(key, version);
      return version;
    },
  };
}

/** A compiled flow as the engine reads it. */
export function toVersion(
  version: { readonly id: string; readonly flowId: string; readonly number: number },
  compiled: CompiledFlow & { readonly workflow?: string | undefined },
  nodes: ReadonlyMap<string, AnyNode>,
): LoadedVersion {
  const steps = compiled.steps.map((step) => loadStep(nodes, step));
  let isCampaign: boolean | undefined;
  return {
    ...version,
    steps,
    salt: compiled.salt === 'flow' ? version.flowId : null,
    workflow: compiled.workflow ?? null,
    get isCampaign() {
      // A step that this build cannot run holds nobody before they come to it.
      isCampaign ??= steps.some((step) => isReadable(step) && step.bound.trigger()?.kind === 'campaign');
      return isCampaign;
    },
  };
}

/** The version, or null where this build cannot read it. */
export async function loadReadable(
  versions: VersionCache,
  scope: Scope,
  versionId: string,
): Promise<LoadedVersion | null> {
  try {
    return await versions.load(scope, versionId);
  } catch (error) {
    if (error instanceof VersionUnreadableError) return null;
    throw error;
  }
}

/** What can be known of a version that cannot be read: enough to end people's enrollments, without counts. */
export function unreadableVersion(id: string, flowId: string): LoadedVersion {
  return { id, flowId, number: 0, steps: [], salt: null, workflow: null, isCampaign: false };
}

/** The version, or what can be known of it without its steps: for showing and ending enrollments. */
export async function loadOrBare(
  versions: VersionCache,
  scope: Scope,
  version: { readonly id: string; readonly flowId: string },
): Promise<LoadedVersion> {
  const known = await loadReadable(versions, scope, version.id);
  return known ?? unreadableVersion(version.id, version.flowId);
}

function loadStep(nodes: ReadonlyMap<string, AnyNode>, step: CompiledStep): LoadedStep {
  let known: { readonly node: AnyNode; readonly bound: BoundNode } | undefined;
  const load = () => {
    known ??= bindStep(nodes, step);
    return known;
  };
  return {
    ...step,
    get node() {
      return load().node;
    },
    get bound() {
      return load().bound;
    },
  };
}

function bindStep(nodes: ReadonlyMap<string, AnyNode>, step: CompiledStep): { node: AnyNode; bound: BoundNode } {
  const node = nodes.get(step.type);
  if (node === undefined) throw new VersionUnreadableError(`This build has no node of type ${step.type}.`);
  if (node.version !== step.version)
    throw new VersionUnreadableError(`This build has version ${node.version} of ${step.type}, not ${step.version}.`);
  try {
    return { node, bound: node.bind(step.config) };
  } catch {
    throw new VersionUnreadableError(`The config of step ${step.id} does not fit ${step.type}.`);
  }
}

/** Whether this build can run the step. */
export function isReadable(step: LoadedStep): boolean {
  try {
    return step.bound !== undefined;
  } catch (error) {
    if (error instanceof VersionUnreadableError) return false;
    throw error;
  }
}

/** The step at a rank. @throws Error where the version has none. */
export function stepAt(version: LoadedVersion, rank: number): LoadedStep {
  const step = version.steps[rank];
  if (step === undefined) throw new Error(`Version ${version.id} has no step ${rank}.`);
  return step;
}
