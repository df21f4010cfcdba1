import { contactOf } from '@signalbox/nodes/define/contact-fields';
import type { ContactView } from '@signalbox/nodes/define/ports';
import { compileFlow } from '@signalbox/nodes/flow/compile';
import type { FlowGraph } from '@signalbox/nodes/flow/graph';
import { catalogue, nodeByType } from '@signalbox/nodes/library/catalogue.gen';
import { type LoadedStep, type LoadedVersion, stepAt, toVersion } from '../versions/version-cache.ts';
import type { CohortRow } from './cohort-rows.ts';

/** For tables of cases of what moves cohorts: a version, and people in it, without a database. */

/** A graph as it is once published. */
export function versionOf(graph: FlowGraph): LoadedVersion {
  return toVersion({ id: 'version', flowId: 'flow', number: 1 }, compileFlow(graph, catalogue), nodeByType);
}

/** @throws Error where the version has no such step. */
export function stepOf(version: LoadedVersion, id: string): LoadedStep {
  return stepAt(
    version,
    version.steps.findIndex((step) => step.id === id),
  );
}

const contact: ContactView = {
  id: 'contact',
  ...contactOf((field) => (field.always ? field.sample : null)),
  first_name: 'Sam',
  attributes: {},
};

/** Someone who stands ready before a step after three moves. */
export function personAt(id: string, differs: Partial<CohortRow> = {}): CohortRow {
  return {
    id,
    hop: 3,
    asleep: null,
    eventId: null,
    keptReplyId: null,
    listening: false,
    contact: { ...contact, id: `contact of ${id}` },
    event: null,
    cameAgain: false,
    eventSender: null,
    zone: 'UTC',
    ...differs,
  };
}
