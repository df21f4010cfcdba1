import { basename, join } from 'node:path';
import { checkCodeFlows } from '@signalbox/engine/flows/check-code-flows';
import { loadCodeFlows } from '@signalbox/engine/flows/code-registry';
import { bundleFitting } from '@signalbox/engine/main/code-flows';
import { buildWorkflowBundle } from '@signalbox/engine/main/workflow-bundle';
import { catalogue } from '@signalbox/nodes/library/catalogue.gen';

/**
 * Loads the flows of a folder as a start does, and checks them as publishing would; plain workflows are bundled as well. Each problem is a
 * line: the file, the step, what is wrong and what to do.
 */
export async function checkFlows(folder: string): Promise<{ readonly problems: string[]; readonly note: string }> {
  const found = await loadCodeFlows(folder);
  if (!found.complete) return { problems: [`${folder} cannot be read.`], note: '' };
  const broken = [...found.broken, ...checkCodeFlows(new Map(catalogue.map((node) => [node.type, node])), found)];
  const workflows = found.flows
    .filter(({ kind, sourcePath }) => kind === 'workflow' && !broken.some((file) => file.sourcePath === sourcePath))
    .map(({ sourcePath }) => join(folder, basename(sourcePath)));
  if (workflows.length > 0) broken.push(...(await bundleFitting(workflows, buildWorkflowBundle)).broken);
  const problems = broken
    .toSorted((left, right) => left.sourcePath.localeCompare(right.sourcePath))
    .flatMap(({ sourcePath, detail }) => detail.split('\n').map((line) => `${sourcePath}: ${line}`));
  return { problems, note: `${found.flows.length} flows in code` };
}
