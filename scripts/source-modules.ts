import { dirname, posix } from 'node:path';
import type { ImportReference } from './scan-imports.ts';

/** A source file by its path from the root, with what it imports. */
export type SourceModule = { readonly path: string; readonly imports: readonly ImportReference[] };

/** A rule that a file breaks. */
export type Violation = { readonly path: string; readonly line: number; readonly message: string };

const packageFolders: Readonly<Record<string, string>> = {
  '@signalbox/statistics': 'packages/statistics/src',
  '@signalbox/nodes': 'packages/nodes/src',
  '@signalbox/engine': 'packages/engine/src',
  '@signalbox/launcher': 'packages/launcher/src',
  '@signalbox/demo-carrier': 'packages/demo-carrier/src',
  '@signalbox/editor': 'packages/editor/src',
  '@signalbox/workflows': 'workflows',
};

/** The path from the root that a specifier means, or null for a package from outside. */
export function resolveSpecifier(from: string, specifier: string): string | null {
  if (specifier.startsWith('.')) return posix.join(dirname(from), specifier.replace(/\?.*$/, ''));
  const [scope, name, ...rest] = specifier.split('/');
  const folder = packageFolders[`${scope}/${name}`];
  return folder === undefined ? null : `${folder}/${rest.join('/')}.ts`;
}
