import type { AnyNode } from '@signalbox/nodes/define/define-node';
import { blockingProblems, type Problem } from '@signalbox/nodes/define/problems';
import { sendersOf } from '@signalbox/nodes/define/trigger';
import { problemLine } from '@signalbox/nodes/flow/problem-lines';
import type { ValidationContext } from '@signalbox/nodes/flow/validate';
import type { BrokenFile, CodeFlow, CodeFolder } from './code-files.ts';
import { prepareDeclared, prepareVersion } from './prepare-version.ts';

type Nodes = ReadonlyMap<string, AnyNode>;

/** What keeps a flow in code from being published, a line each. */
export function problemLines(nodes: Nodes, flow: CodeFlow, problems: readonly Problem[]): string {
  return blockingProblems(problems)
    .map((problem) => problemLine(problem, flow.graph.steps, (type) => nodes.get(type)))
    .join('\n');
}

/** Finds the flows of a folder that a workspace without other flows could not publish, in the order in which a start takes them. */
export function checkCodeFlows(nodes: Nodes, folder: CodeFolder): BrokenFile[] {
  const takenKeys: Array<NonNullable<ValidationContext['takenKeys']>[number]> = [];
  return folder.flows.flatMap((flow) => {
    const problems = flow.kind === 'workflow' ? prepareDeclared(nodes, flow).problems : builtProblems(flow);
    if (problems.length === 0) return [];
    return [{ kind: flow.kind, sourcePath: flow.sourcePath, detail: problemLines(nodes, flow, problems) }];
  });

  function builtProblems(flow: CodeFlow): readonly Problem[] {
    const prepared = prepareVersion(nodes, flow.graph, { takenKeys });
    if (prepared.kind === 'problems') return prepared.problems;
    for (const { trigger } of prepared.entries) {
      if (trigger === null) continue;
      for (const { key } of trigger.keys)
        for (const sender of sendersOf(trigger)) takenKeys.push({ kind: trigger.kind, key, sender, flow: flow.name });
    }
    return [];
  }
}
