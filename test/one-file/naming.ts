import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Source without its comments, as far as they stand on lines of their own. */
const withoutComments = (source: string): string => source.replace(/^\s*(?:\/\/|\/?\*).*$/gm, '');

/** A type's name in quotes, or as the file of an import. */
export const quoted = (type: string): RegExp => new RegExp(`['"\`/]${type}['"\`.]`);

/** Product files (no tests) below a root whose code holds it, by path. */
export function naming(root: string, sought: RegExp): string[] {
  return [
    'packages/statistics/src',
    'packages/nodes/src',
    'packages/engine/src',
    'packages/editor/src',
    'packages/launcher/src',
  ]
    .flatMap((folder) =>
      existsSync(join(root, folder))
        ? readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`)
        : [],
    )
    .filter(
      (path) =>
        /\.tsx?$/.test(path) &&
        !/\.(test|cases)\.tsx?$/.test(path) &&
        sought.test(withoutComments(readFileSync(join(root, path), 'utf8'))),
    )
    .sort();
}
