import { resolveSpecifier, type SourceModule, type Violation } from './source-modules.ts';

/** Rooms that stand side by side. A pair in `within` allows the first to import the second, never the other way as well. */
export type Floor = {
  readonly rooms: readonly string[];
  readonly within?: ReadonlyArray<readonly [string, string]>;
  /** Rooms that no floor names stand here: where each new one, such as a screen, is a room of its own. */
  readonly others?: true;
};

/** A file that may import a room above its own, and why it has to. */
export type ImportUp = { readonly path: string; readonly to: string; readonly why: string };

/** The floors of one package from the ground up: what lies under `root`, a room by the first part of its path. */
export type Floors = { readonly floors: readonly Floor[]; readonly up?: readonly ImportUp[] };

/** More than this many imports that run up, and the floors are not a direction any more. */
export const mostImportsUp = 3;

/**
 * Every import between the rooms under `root` that the floors do not allow: one that runs up, one within a floor that is not
 * listed, one of a room without a floor; then exceptions that nothing needs and circles of rooms. Imports of types count.
 */
export function floorViolations(
  modules: readonly SourceModule[],
  root: string,
  { floors, up = [] }: Floors,
): Violation[] {
  const heights = new Map(floors.flatMap((floor, height) => floor.rooms.map((room) => [room, height])));
  const rest = floors.findIndex((floor) => floor.others === true);
  const heightOf = (room: string): number | undefined => heights.get(room) ?? (rest === -1 ? undefined : rest);
  const within = new Set(floors.flatMap((floor) => (floor.within ?? []).map(([from, to]) => `${from} → ${to}`)));
  const needed = new Set<ImportUp>();
  const violations: Violation[] = [];
  const crossings = crossingsOf(modules, root);
  for (const { path, line, from, to } of crossings) {
    const [below, above] = [heightOf(from), heightOf(to)];
    const exception = up.find((each) => `${root}/${each.path}` === path && each.to === to);
    if (exception !== undefined) needed.add(exception);
    else if (below === undefined || above === undefined)
      violations.push({ path, line, message: `${below === undefined ? from : to} stands on no floor of ${root}` });
    else if (above > below)
      violations.push({ path, line, message: `${from} must not import ${to}, which lies above it` });
    else if (above === below && !within.has(`${from} → ${to}`))
      violations.push({ path, line, message: `${from} must not import ${to}, which lies beside it` });
  }
  const file = 'scripts/boundary-rules.ts';
  for (const each of up)
    if (!needed.has(each))
      violations.push({
        path: file,
        line: 1,
        message: `${each.path} does not import ${each.to} any more: no exception`,
      });
  if (up.length > mostImportsUp)
    violations.push({
      path: file,
      line: 1,
      message: `${up.length} imports of ${root} run up; at most ${mostImportsUp} may`,
    });
  const allowed = crossings.filter(
    ({ path, to }) => !up.some((each) => `${root}/${each.path}` === path && each.to === to),
  );
  for (const circle of circlesOf(allowed))
    violations.push({ path: root, line: 1, message: `rooms in a circle: ${circle.join(' → ')}` });
  return violations;
}

type Crossing = { readonly path: string; readonly line: number; readonly from: string; readonly to: string };

/** The imports under `root` that leave their room; tests may look wherever they like. */
function crossingsOf(modules: readonly SourceModule[], root: string): Crossing[] {
  const roomOf = (path: string): string | null =>
    path.startsWith(`${root}/`) ? (path.slice(root.length + 1).split('/')[0] ?? null) : null;
  return modules
    .filter(({ path }) => !/\.test\.tsx?$/.test(path))
    .flatMap(({ path, imports }) =>
      imports.flatMap(({ specifier, line }) => {
        const target = resolveSpecifier(path, specifier);
        const from = roomOf(path);
        const to = target === null ? null : roomOf(target);
        return from === null || to === null || from === to ? [] : [{ path, line, from, to }];
      }),
    );
}

/** One circle for each knot of rooms, from the room that comes first. */
function circlesOf(crossings: readonly Crossing[]): string[][] {
  const graph = new Map<string, Set<string>>();
  for (const { from, to } of crossings) graph.set(from, (graph.get(from) ?? new Set()).add(to));
  const done = new Set<string>();
  const circles: string[][] = [];
  const visit = (room: string, trail: readonly string[]): void => {
    const seenAt = trail.indexOf(room);
    if (seenAt >= 0) circles.push([...trail.slice(seenAt), room]);
    if (seenAt >= 0 || done.has(room)) return;
    for (const next of graph.get(room) ?? []) visit(next, [...trail, room]);
    done.add(room);
  };
  for (const room of [...graph.keys()].sort()) visit(room, []);
  return circles;
}
