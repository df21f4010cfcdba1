import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { formatMessage } from '@signalbox/nodes/text/format-message';

const texts = {
  line: 'Line {line}: {text}',
  missing: 'It imports {name}, which cannot be found.',
} as const;

/** What a module threw while it was loaded, in words for whoever wrote it, with the line of the file where that is known. */
export function loadFault(file: string, error: unknown): string {
  const said = (error instanceof Error ? error.message : String(error)).trim();
  const missing = missingImport(file, said);
  const line = missing?.line ?? lineInStack(file, error);
  const text = missing === null ? said.split('\n').slice(0, 6).join('\n').slice(0, 1_000) : missing.text;
  return line === null ? text : formatMessage(texts.line, { line: String(line), text });
}

/** The first line of the file that the error's stack names. */
function lineInStack(file: string, error: unknown): number | null {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const lines = [pathToFileURL(file).href, file].flatMap((place) => {
    const at = stack.indexOf(`${place}:`);
    const line = Number.parseInt(stack.slice(at + place.length + 1), 10);
    return at < 0 || Number.isNaN(line) ? [] : [{ at, line }];
  });
  return lines.toSorted((left, right) => left.at - right.at)[0]?.line ?? null;
}

/** The import that cannot be found, where it is the file's own: the error names neither its line nor what stands there. */
function missingImport(file: string, said: string): { readonly line: number; readonly text: string } | null {
  const [, missing, importer] = /^Cannot find (?:module|package) '([^']+)' imported from (\S+)$/.exec(said) ?? [];
  if (missing === undefined || importer !== file) return null;
  const name = basename(missing, extname(missing));
  const lines = readFileSync(file, 'utf8').split('\n');
  const specifiers = lines.map((line) => /(?:from|import)\s*\(?['"]([^'"]+)['"]/.exec(line)?.[1]);
  const index = specifiers.findIndex((specifier) => specifier?.includes(name));
  const specifier = specifiers[index];
  return specifier === undefined ? null : { line: index + 1, text: formatMessage(texts.missing, { name: specifier }) };
}
