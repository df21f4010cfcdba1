import type { Floors } from './floor-rules.ts';
import type { ImportReference } from './scan-imports.ts';
import { resolveSpecifier, type SourceModule, type Violation } from './source-modules.ts';

type Room =
  | 'statistics'
  | 'nodes'
  | 'engine'
  | 'launcher'
  | 'demo-carrier'
  | 'editor'
  | 'workflows'
  | 'test'
  | 'bench'
  | 'scripts';

/** Rooms whose modules a room may import; itself always. `types` are the rooms of which it may import types alone. */
const mayImport: Readonly<Record<Room, { readonly values: readonly Room[]; readonly types: readonly Room[] }>> = {
  statistics: { values: [], types: [] },
  nodes: { values: [], types: [] },
  engine: { values: ['statistics', 'nodes'], types: [] },
  launcher: { values: ['engine'], types: [] },
  'demo-carrier': { values: [], types: [] },
  editor: { values: ['statistics', 'nodes'], types: ['engine'] },
  workflows: { values: ['nodes', 'engine'], types: [] },
  test: {
    values: ['statistics', 'nodes', 'engine', 'launcher', 'demo-carrier', 'editor', 'workflows', 'scripts'],
    types: [],
  },
  bench: { values: ['statistics', 'nodes', 'engine', 'launcher', 'demo-carrier', 'workflows', 'scripts'], types: [] },
  scripts: { values: ['nodes', 'engine', 'launcher'], types: [] },
};

/** What the launcher may import of the engine: how the two speak, and the settings; everything else is the engine's own. */
const engineForLauncher: ReadonlySet<string> = new Set(
  ['launcher-protocol', 'repository-root', 'running-file', 'settings'].map(
    (module) => `packages/engine/src/main/${module}.ts`,
  ),
);

/** What the library may reach: no Node built-ins, no React, no Temporal, no SQL. */
const libraryPackages: ReadonlySet<string> = new Set([
  'zod',
  'liquidjs',
  'libphonenumber-js',
  'sms-segments-calculator',
]);

/**
 * The library from the ground up: words and moments, what a node is and what it is handed, what is made of that (templates, the
 * rules of the gate, graphs with their conditions), and the nodes.
 */
const libraryFloors: Floors = {
  floors: [
    { rooms: ['text', 'time'] },
    { rooms: ['define'] },
    { rooms: ['templates', 'gate', 'flow'] },
    { rooms: ['library'] },
  ],
};

/** Statistics from the ground up: how figures are reckoned, distributions, what is known of a result, what must hold of it, and the verdict. */
const statisticsFloors: Floors = {
  floors: [
    { rooms: ['numeric'] },
    { rooms: ['distributions'] },
    { rooms: ['estimates', 'checks'] },
    { rooms: ['verdict'] },
  ],
};

/** The editor from the ground up: what every screen uses, the model of a flow, what shows parts of one, the screens, the frame. */
const editorFloors: Floors = {
  floors: [
    { rooms: ['vite-modules.d.ts', 'main.css', 'lib'] },
    { rooms: ['ui'] },
    { rooms: ['flow-model', 'people'] },
    { rooms: ['canvas', 'forms', 'phone'] },
    {
      rooms: ['flow', 'flows', 'contacts', 'conversations', 'sign-in'],
      others: true,
      within: [
        ['flow', 'goals'],
        ['campaigns', 'experiments'],
        ['campaigns', 'goals'],
      ],
    },
    { rooms: ['app'] },
    { rooms: ['main.tsx'] },
  ],
};

/** The engine from the ground up; docs/architecture.md says what each room holds. */
const engineFloors: Floors = {
  floors: [
    { rooms: ['runtime'] },
    { rooms: ['db'] },
    { rooms: ['http'] },
    { rooms: ['access'] },
    { rooms: ['contacts', 'consent', 'segments', 'events', 'goals', 'codes', 'notices'], within: [] },
    {
      rooms: ['accounts', 'providers', 'gate', 'routing', 'pricing', 'links', 'media'],
      within: [
        ['accounts', 'providers'],
        ['gate', 'pricing'],
        ['gate', 'providers'],
        ['media', 'accounts'],
        ['media', 'providers'],
        ['routing', 'providers'],
      ],
    },
    { rooms: ['sending'] },
    { rooms: ['versions', 'cohorts'], within: [['cohorts', 'versions']] },
    { rooms: ['inbound', 'flows', 'templates'], within: [['templates', 'flows']] },
    {
      rooms: [
        'inbox',
        'insights',
        'integrations',
        'demo',
        'programmes',
        'signups',
        'suppression',
        'erasure',
        'experiments',
        'campaigns',
      ],
      within: [
        ['programmes', 'inbox'],
        ['signups', 'programmes'],
        ['demo', 'experiments'],
        ['campaigns', 'inbox'],
      ],
    },
    {
      rooms: ['feed', 'sweeps', 'workflows', 'activities', 'api', 'main'],
      within: [
        ['api', 'feed'],
        ['main', 'activities'],
        ['main', 'api'],
        ['main', 'sweeps'],
        ['workflows', 'activities'],
      ],
    },
  ],
};

/** The floors of the packages that have them, by the folder of their rooms. `floor-rules.ts` says what they mean. */
export const floorsOfPackages: Readonly<Record<string, Floors>> = {
  'packages/statistics/src': statisticsFloors,
  'packages/nodes/src': libraryFloors,
  'packages/engine/src': engineFloors,
  'packages/editor/src': editorFloors,
};

/** The room that a path lies in; null for files at the root. */
export function roomOf(path: string): Room | null {
  const [top, second] = path.split('/');
  const name = top === 'packages' ? second : top;
  return isRoom(name) && path.includes('/') ? name : null;
}

function isRoom(name: string | undefined): name is Room {
  return name !== undefined && name in mayImport;
}

const isTest = (path: string): boolean => path.endsWith('.test.ts') || path.endsWith('.test.tsx');

/** Every import that crosses a wall, in the order of the files. */
export function boundaryViolations(modules: readonly SourceModule[]): Violation[] {
  return modules.flatMap((module) =>
    module.imports.flatMap((reference) => {
      const message = refusal(module.path, reference);
      return message === null ? [] : [{ path: module.path, line: reference.line, message }];
    }),
  );
}

function refusal(path: string, { specifier, typeOnly }: ImportReference): string | null {
  const room = roomOf(path);
  if (room === null) return null;
  const target = resolveSpecifier(path, specifier);
  if (room === 'workflows') return workflowRefusal(path, specifier, target, typeOnly);
  if (target === null) {
    if (room === 'nodes' && path.startsWith('packages/nodes/src/') && !isTest(path)) {
      const name = packageName(specifier);
      if (!libraryPackages.has(name))
        return `the library imports ${specifier}; it may import ${[...libraryPackages].join(', ')} alone`;
    }
    if (isStatistics(path)) return `statistics import nothing from outside (${specifier})`;
    return modelRefusal(path, specifier) ?? sandboxRefusal(path, specifier, null, typeOnly);
  }
  if (isStatistics(path) && target.startsWith('packages/statistics/oracles/'))
    return `statistics must not import what they are compared with (${specifier})`;
  const to = roomOf(target);
  if (to !== null && to !== room) {
    const allowed = mayImport[room];
    if (allowed.types.includes(to) && !typeOnly)
      return `${room} may import types of ${to} alone: ${specifier} needs \`import type\``;
    if (!allowed.values.includes(to) && !allowed.types.includes(to))
      return `${room} must not import ${to} (${specifier})`;
  }
  if (room === 'launcher' && to === 'engine' && !engineForLauncher.has(target))
    return `launcher may import of engine its protocol, folders and settings alone (${specifier})`;
  if (room === 'nodes' && path.startsWith('packages/nodes/src/') && target.startsWith('packages/nodes/scripts/')) {
    return `the library must not import its scripts (${specifier})`;
  }
  return routesRefusal(path, target, typeOnly) ?? sandboxRefusal(path, specifier, target, typeOnly);
}

const isStatistics = (path: string): boolean => path.startsWith('packages/statistics/src/') && !isTest(path);

/** A route has two doors to the database: one that cannot change anything, and one that leaves a row in the audit trail. */
function routesRefusal(path: string, target: string, typeOnly: boolean): string | null {
  const isRoutes = /^packages\/engine\/src\/[^/]+\/routes[^/]*\.ts$/.test(path) && !isTest(path);
  return isRoutes && !typeOnly && target === 'packages/engine/src/db/database.ts'
    ? 'routes read through reading() and change through effect(); they open no transaction of their own'
    : null;
}

/** The model of a flow is plain TypeScript: whoever shows it brings React along. */
function modelRefusal(path: string, specifier: string): string | null {
  if (!path.startsWith('packages/editor/src/flow-model/') || isTest(path)) return null;
  const shows = /^(?:react|react-dom|lucide-react|@xyflow\/react|@tanstack\/react-.*)(?:\/|$)/.test(specifier);
  return shows ? `the model of a flow knows no React (${specifier})` : null;
}

/** Names and types that workflows and whoever calls them share: strings, nothing that runs. */
const runContract = 'packages/engine/src/cohorts/run-contract.ts';

/** The engine's workflows run in Temporal's sandbox: themselves, the run contract and @temporalio/workflow; types of anything. */
function sandboxRefusal(path: string, specifier: string, target: string | null, typeOnly: boolean): string | null {
  const sandbox = 'packages/engine/src/workflows/';
  if (!path.startsWith(sandbox) || isTest(path) || typeOnly) return null;
  if (specifier === '@temporalio/workflow' || target?.startsWith(sandbox) === true || target === runContract)
    return null;
  return `workflow code may import ./ and @temporalio/workflow alone (${specifier})`;
}

function workflowRefusal(path: string, specifier: string, target: string | null, typeOnly: boolean): string | null {
  if (isTest(path)) return null;
  const sandboxed = path.endsWith('.workflow.ts');
  const steps = target === 'packages/engine/src/workflows/steps.ts' || target === runContract;
  if (specifier === '@temporalio/workflow' || steps) {
    return sandboxed || typeOnly ? null : `a drawn flow has no use for ${specifier}: name the file *.workflow.ts`;
  }
  if (target !== null && roomOf(target) === 'workflows') {
    return sandboxed && target.endsWith('.flow.ts')
      ? `workflow code must not import a drawn flow (${specifier})`
      : null;
  }
  const library =
    target !== null &&
    (target === 'packages/nodes/src/flow/builder.ts' || target.startsWith('packages/nodes/src/library/'));
  if (library && !sandboxed) return null;
  return sandboxed
    ? `workflow code may import the step functions and @temporalio/workflow alone (${specifier})`
    : `a flow as code may import the builder and the library alone (${specifier})`;
}

function packageName(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier);
}

/** The first import cycle of each knot of modules. Imports of types count: whoever reads one file of a knot has to read them all. */
export function importCycles(modules: readonly SourceModule[]): string[][] {
  const known = new Set(modules.map((module) => module.path));
  const graph = new Map(
    modules.map((module) => [
      module.path,
      module.imports
        .map((reference) => resolveSpecifier(module.path, reference.specifier))
        .filter((target) => target !== null)
        .filter((target) => known.has(target)),
    ]),
  );
  const done = new Set<string>();
  const cycles: string[][] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const seenAt = trail.indexOf(path);
    if (seenAt >= 0) {
      cycles.push([...trail.slice(seenAt), path]);
      return;
    }
    if (done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const module of modules) visit(module.path, []);
  return cycles;
}
