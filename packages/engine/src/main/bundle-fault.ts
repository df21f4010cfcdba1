import { formatMessage } from '@signalbox/nodes/text/format-message';

const texts = {
  forbidden:
    'It imports {modules}, which a workflow may not use: what it runs has to come out the same every time. Leave that to a step, or import types alone.',
  missing: 'It imports {modules}, which cannot be found.',
  other: 'It does not fit into the sandbox of workflows: {said}',
} as const;

/** Why workflows cannot be bundled, in a line for whoever wrote them, from what the bundler threw and what it wrote. */
export function bundleFault(error: unknown, written: readonly string[]): string {
  const thrown = error instanceof Error ? error.message : String(error);
  const output = written.join('\n');
  const forbidden = [
    ...found(/^ {2}- '([^']+)'$/gm, thrown),
    ...found(/Reading from "(node:[^"]+)" is not handled/g, output),
  ];
  if (forbidden.length > 0) return formatMessage(texts.forbidden, { modules: listed(forbidden) });
  const missing = found(/Can't resolve '([^']+)'/g, output);
  if (missing.length > 0) return formatMessage(texts.missing, { modules: listed(missing) });
  const [said = thrown] = found(/^ERROR in .*\n(.+)$/gm, output);
  return formatMessage(texts.other, { said: said.split('\n')[0] ?? '' });
}

function found(pattern: RegExp, text: string): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '');
}

function listed(names: readonly string[]): string {
  return [...new Set(names)].join(', ');
}
