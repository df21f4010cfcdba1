import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What comments and documents refer to: rules of docs/protocol.md and records of decisions by number, and documents by name. */
const rule = /\bprotocol ((?:\d+(?:, | and )?)+)/gi;
const decision = /\bdecisions? ((?:\d+(?:, | and )?)+)/gi;
const document = /(?:\bdocs\/)?(?:[\w-]+\/)*[\w-]+\.md\b/g;

/** The numbers that there are of each. */
export type Numbered = { readonly rules: ReadonlySet<number>; readonly decisions: ReadonlySet<number> };

const numbersIn = (line: string, shape: RegExp): number[] =>
  [...line.matchAll(shape)].flatMap(([, list = '']) => [...list.matchAll(/\d+/g)].map(Number));

/** Where a text refers to a rule or a decision of a number that nothing has, or to a document that is not there; a line each. */
export function absentReferences(root: string, path: string, text: string, numbered: Numbered): string[] {
  return text.split('\n').flatMap((line, index) => {
    const at = `${path}:${index + 1}`;
    const absent = [
      ...numbersIn(line, rule).flatMap((number) => (numbered.rules.has(number) ? [] : [`protocol ${number}`])),
      ...numbersIn(line, decision).flatMap((number) => (numbered.decisions.has(number) ? [] : [`decision ${number}`])),
    ].map((what) => `${at} ${what} is not written`);
    const comment = (path.endsWith('.sql') ? /--.*/ : /(?:\/\/|\/?\*).*/).exec(line)?.[0] ?? '';
    const named = [...comment.matchAll(document)]
      .map(([name]) => name)
      .filter((name) => !existsSync(join(root, name)) && !existsSync(join(root, 'docs', name)));
    return [...absent, ...named.map((name) => `${at} ${name} is not in the repository`)];
  });
}

/** The numbers under which docs/protocol.md has rules, and docs/decisions its records. */
export function numberedDocuments(root: string): Numbered {
  const text = readFileSync(join(root, 'docs/protocol.md'), 'utf8');
  return {
    rules: new Set([...text.matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number))),
    decisions: new Set(readdirSync(join(root, 'docs/decisions')).map((name) => Number.parseInt(name, 10))),
  };
}

const skipped = new Set(['node_modules', 'dist', 'histories']);

/** Paths from the root of everything that is written here and refers to something. */
function* referringFiles(root: string, folder = ''): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!skipped.has(entry.name) && !entry.name.startsWith('.')) yield* referringFiles(root, path);
    } else if (/\.(?:tsx?|sql|md)$/.test(entry.name)) yield path;
  }
}

/** Every reference of sources, migrations and documents that leads nowhere. */
export function checkReferences(root: string): string[] {
  const numbered = numberedDocuments(root);
  return [...referringFiles(root)]
    .filter((path) => path !== 'scripts/named-documents.test.ts')
    .flatMap((path) => absentReferences(root, path, readFileSync(join(root, path), 'utf8'), numbered));
}
