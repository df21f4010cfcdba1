import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSources } from './boundaries.ts';

/** What comments refer to: rules of docs/protocol.md by number, and documents by name. */
const rule = /\bprotocol ((?:\d+(?:, | and )?)+)/gi;
const document = /(?:\bdocs\/)?(?:[\w-]+\/)*[\w-]+\.md\b/g;

/** Where a text refers to a rule that is not numbered in the protocol, or to a document that is not there; a line each. */
export function absentReferences(root: string, path: string, text: string, rules: ReadonlySet<number>): string[] {
  return text.split('\n').flatMap((line, index) => {
    const at = `${path}:${index + 1}`;
    const numbers = [...line.matchAll(rule)].flatMap(([, list = '']) => [...list.matchAll(/\d+/g)].map(Number));
    const absent = numbers
      .filter((number) => !rules.has(number))
      .map((number) => `${at} protocol ${number} is not written`);
    const comment = /(?:\/\/|\/?\*).*/.exec(line)?.[0] ?? '';
    const named = [...comment.matchAll(document)]
      .map(([name]) => name)
      .filter((name) => !existsSync(join(root, name)) && !existsSync(join(root, 'docs', name)));
    return [...absent, ...named.map((name) => `${at} ${name} is not in the repository`)];
  });
}

/** The numbers under which docs/protocol.md has rules. */
export function protocolRules(root: string): Set<number> {
  const text = readFileSync(join(root, 'docs/protocol.md'), 'utf8');
  return new Set([...text.matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number)));
}

/** Every reference of the sources that leads nowhere. */
export function checkReferences(root: string): string[] {
  const rules = protocolRules(root);
  return readSources(root)
    .filter(({ path }) => path !== 'scripts/named-documents.test.ts')
    .flatMap(({ path }) => absentReferences(root, path, readFileSync(join(root, path), 'utf8'), rules));
}
