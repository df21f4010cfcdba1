import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';

/** Licences that a dependency may have, by SPDX identifier. */
const allowed: ReadonlySet<string> = new Set([
  'MIT',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'ISC',
  'MPL-2.0',
  'BlueOak-1.0.0',
  'PostgreSQL',
  'OFL-1.1',
  'CC-BY-4.0',
]);

/** Packages with another licence, or none stated, each with the reason why it stays. By name; every version. */
export const exceptions: Readonly<Record<string, string>> = {
  'fs-monkey': 'Unlicense (public domain); @temporalio/worker bundles workflows over it',
  unionfs: 'Unlicense in its LICENSE file, no field; @temporalio/worker bundles workflows over it',
  'base-64': 'MIT in its LICENSE-MIT.txt, stated in a field of old; plivo depends on it, which tests alone use',
  'uri-parser': 'MIT, stated in a field of old; plivo depends on it, which tests alone use',
  nodemailer: 'MIT-0, which is MIT without the duty to name it',
  tweetnacl: 'Unlicense (public domain); plivo depends on it, which tests alone use',
  isbot: 'Unlicense (public domain); @tanstack/react-router depends on it',
};

const manifestSchema = z.object({
  name: z.string(),
  version: z.string().default(''),
  license: z.union([z.string(), z.object({ type: z.string() }).transform((value) => value.type)]).optional(),
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});

export type InstalledPackage = { readonly name: string; readonly version: string; readonly licence: string | null };

/** Whether an SPDX expression can be met by the allowed licences: one side of OR, both of AND. */
export function isAllowed(expression: string): boolean {
  const tokens = expression.match(/\(|\)|[^\s()]+/g) ?? [];
  let at = 0;
  const one = (): boolean => {
    const token = tokens[at];
    at += 1;
    if (token !== '(') return token !== undefined && allowed.has(token);
    const inner = either();
    at += 1;
    return inner;
  };
  const both = (): boolean => {
    let met = one();
    while (tokens[at] === 'AND') {
      at += 1;
      met = one() && met;
    }
    return met;
  };
  const either = (): boolean => {
    let met = both();
    while (tokens[at] === 'OR') {
      at += 1;
      met = both() || met;
    }
    return met;
  };
  return either() && at >= tokens.length;
}

/** Every package that the workspaces under `root` install, found by following dependencies from their manifests. */
export function installedPackages(root: string): InstalledPackage[] {
  const rooms = ['packages', 'workflows'].flatMap((folder) => {
    if (existsSync(join(root, folder, 'package.json'))) return [join(root, folder)];
    if (!existsSync(join(root, folder))) return [];
    return readdirSync(join(root, folder)).map((name) => join(root, folder, name));
  });
  const seen = new Set<string>();
  const found: InstalledPackage[] = [];
  const visit = (folder: string, workspace: boolean): void => {
    const real = realpathSync(folder);
    if (seen.has(real)) return;
    seen.add(real);
    const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(real, 'package.json'), 'utf8')));
    if (!workspace) found.push({ name: manifest.name, version: manifest.version, licence: manifest.license ?? null });
    const names = Object.keys({
      ...manifest.dependencies,
      ...manifest.optionalDependencies,
      ...(workspace ? manifest.devDependencies : {}),
    });
    for (const name of names) {
      const next = packageFolder(real, name);
      // Optional packages of other platforms are not installed.
      if (next !== null) visit(next, next.startsWith(root) && !next.includes('node_modules'));
      else if (workspace) found.push({ name, version: 'not installed', licence: null });
    }
  };
  for (const folder of [root, ...rooms]) if (existsSync(join(folder, 'package.json'))) visit(folder, true);
  return found;
}

/** The folder in which `from` finds the package, by Node's own look-up, or null. */
function packageFolder(from: string, name: string): string | null {
  for (const folder of createRequire(join(from, 'package.json')).resolve.paths(name) ?? []) {
    if (existsSync(join(folder, name, 'package.json'))) return realpathSync(join(folder, name));
  }
  return null;
}

/** What is wrong with the licences under `root`, a line each; empty where nothing is. */
export function checkLicences(root: string): string[] {
  const packages = installedPackages(realpathSync(root));
  if (packages.length === 0) return ['no installed packages were found'];
  return packages
    .filter((entry) => exceptions[entry.name] === undefined && (entry.licence === null || !isAllowed(entry.licence)))
    .map((entry) => `${entry.name} ${entry.version}: ${entry.licence ?? 'no licence stated'}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const problems = checkLicences(resolve(dirname(import.meta.filename), '..'));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}
