/** What the layout needs to know of a step: its ways out in order and where each leads. */
export type LayoutStep = {
  readonly id: string;
  readonly outlets: ReadonlyArray<{ readonly id: string; readonly to: string | null }>;
};

export type Point = { readonly x: number; readonly y: number };

/** A way out as drawn. `x`, `labelY` and `plusY` place its label and its "+"; points are empty where nothing is connected. */
export type LayoutLine = {
  readonly from: string;
  readonly outlet: string;
  readonly to: string | null;
  /** `back` where the line would lead upwards: drawn as a short stub with the target's name. */
  readonly kind: 'line' | 'open' | 'back';
  readonly points: readonly Point[];
  readonly x: number;
  readonly labelY: number;
  readonly plusY: number;
};

export type Layout = {
  /** Top left corner of each card. */
  readonly cards: ReadonlyMap<string, Point>;
  readonly lines: readonly LayoutLine[];
  /** Ids in reading order: rows from the top, each from the left. */
  readonly reading: readonly string[];
  readonly width: number;
  readonly height: number;
};

export const cardWidth = 264;
export const cardHeight = 92;
const trackWidth = 132;
const columnGap = 28;
const busOffset = 18;
const arrowRoom = 14;
const trackHeight = 16;
const plain = { gap: 56, label: 0, plus: 27, tracks: 44 } as const;
const labelled = { gap: 94, label: 38, plus: 64, tracks: 82 } as const;

type Column = { readonly dx: number };
type Way = {
  readonly from: string;
  readonly outlet: string;
  readonly to: string | null;
  /** How the way takes up room: a card below, a track down to some row, or a stub. */
  kind: 'tree' | 'siding' | 'join' | 'open' | 'back';
};

/** Ranks and structure of the graph: found once, before anything is placed. */
type Structure = {
  readonly roots: readonly string[];
  readonly rank: ReadonlyMap<string, number>;
  readonly ways: ReadonlyMap<string, readonly Way[]>;
};

function analyse(steps: readonly LayoutStep[]): Structure {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const targets = new Set(steps.flatMap((step) => step.outlets.map((outlet) => outlet.to)));
  const state = new Map<string, 'open' | 'done'>();
  const finished: string[] = [];
  const back = new Set<string>();
  const visit = (start: string) => {
    const stack: Array<{ id: string; next: number }> = [{ id: start, next: 0 }];
    state.set(start, 'open');
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      // From the last way out to the first, so that reverse post-order puts the main line first.
      const outlets = byId.get(top.id)?.outlets ?? [];
      const outlet = outlets[outlets.length - 1 - top.next];
      top.next += 1;
      if (outlet === undefined) {
        state.set(top.id, 'done');
        finished.push(top.id);
        stack.pop();
        continue;
      }
      if (outlet.to === null || !byId.has(outlet.to)) continue;
      const seen = state.get(outlet.to);
      if (seen === 'open') back.add(`${top.id}\n${outlet.id}`);
      if (seen === undefined) {
        state.set(outlet.to, 'open');
        stack.push({ id: outlet.to, next: 0 });
      }
    }
  };
  for (const step of steps.toReversed()) if (!targets.has(step.id)) visit(step.id);
  for (const step of steps) if (!state.has(step.id)) visit(step.id);

  const order = finished.toReversed();
  const rank = new Map(order.map((id) => [id, 0]));
  const ways = new Map<string, Way[]>();
  const incoming = new Map<string, Way[]>();
  for (const id of order) {
    const own: Way[] = [];
    for (const outlet of byId.get(id)?.outlets ?? []) {
      const to = outlet.to !== null && byId.has(outlet.to) ? outlet.to : null;
      const isBack = back.has(`${id}\n${outlet.id}`);
      const way: Way = { from: id, outlet: outlet.id, to, kind: to === null ? 'open' : isBack ? 'back' : 'join' };
      own.push(way);
      if (to === null || isBack) continue;
      rank.set(to, Math.max(rank.get(to) ?? 0, (rank.get(id) ?? 0) + 1));
      const list = incoming.get(to) ?? [];
      list.push(way);
      incoming.set(to, list);
    }
    ways.set(id, own);
  }
  const rankOf = (way: Way) => rank.get(way.from) ?? 0;
  for (const [to, list] of incoming) {
    // The card hangs under the main line: the first of the steps right above it.
    const above = (rank.get(to) ?? 0) - 1;
    const main = list.find((way) => rankOf(way) === above);
    if (main !== undefined) main.kind = 'tree';
    // What comes from further up shares one siding.
    const far = list.filter((way) => way !== main && rankOf(way) < above);
    const first = far.toSorted((a, b) => rankOf(a) - rankOf(b))[0];
    if (first !== undefined) first.kind = 'siding';
  }
  const treeTargets = new Set([...ways.values()].flat().flatMap((way) => (way.kind === 'tree' ? (way.to ?? []) : [])));
  return { roots: steps.flatMap((step) => (treeTargets.has(step.id) ? [] : step.id)), rank, ways };
}

/** The right edge of a placed part, row by row, relative to its own centre line. */
type Contour = Map<number, number>;

/**
 * Places cards from the top down. The first way out of every step goes straight on; the others branch off to the right,
 * so a flow reads like a main line with sidings and an edit moves nothing to its left. Lines run only between rows and in
 * tracks kept free for them, so no line ever crosses a card. O(steps × depth).
 */
export function layoutFlow(steps: readonly LayoutStep[]): Layout {
  const { roots, rank, ways } = analyse(steps);
  const rankOf = (id: string) => rank.get(id) ?? 0;
  const columns = new Map<string, Column[]>();

  /** Leftmost shift at which a part with these rows stands clear of what is already there. */
  const clear = (contour: Contour, rows: Iterable<number>, half: number): number => {
    let shift = Number.NEGATIVE_INFINITY;
    for (const row of rows) {
      const edge = contour.get(row);
      if (edge !== undefined) shift = Math.max(shift, edge + columnGap + half);
    }
    return shift;
  };
  const merge = (into: Contour, part: Contour, shift: number) => {
    for (const [row, edge] of part) into.set(row, Math.max(into.get(row) ?? Number.NEGATIVE_INFINITY, edge + shift));
  };
  const track = (way: Way): Contour => {
    const first = rankOf(way.from) + 1;
    const last = way.kind === 'siding' && way.to !== null ? rankOf(way.to) - 1 : first;
    const contour: Contour = new Map();
    for (let row = first; row <= Math.max(first, last); row += 1) contour.set(row, trackWidth / 2);
    return contour;
  };
  const placePart = (id: string): Contour => {
    const contour: Contour = new Map();
    const own: Column[] = [];
    let last = 0;
    for (const [index, way] of (ways.get(id) ?? []).entries()) {
      const isCard = way.kind === 'tree' && way.to !== null;
      const part = isCard && way.to !== null ? placePart(way.to) : track(way);
      const half = (isCard ? cardWidth : trackWidth) / 2;
      const minimum = index === 0 ? 0 : last + trackWidth + columnGap;
      const dx = index === 0 ? 0 : Math.max(minimum, clear(contour, part.keys(), half));
      own.push({ dx });
      merge(contour, part, dx);
      last = dx;
    }
    columns.set(id, own);
    contour.set(rankOf(id), cardWidth / 2);
    return contour;
  };

  const centre = new Map<string, number>();
  const settle = (id: string, x: number) => {
    centre.set(id, x);
    for (const [index, way] of (ways.get(id) ?? []).entries()) {
      if (way.kind === 'tree' && way.to !== null) settle(way.to, x + (columns.get(id)?.[index]?.dx ?? 0));
    }
  };
  const whole: Contour = new Map();
  for (const [index, root] of roots.entries()) {
    const part = placePart(root);
    const shift = index === 0 ? 0 : clear(whole, part.keys(), cardWidth / 2);
    const x = Number.isFinite(shift) ? Math.max(shift, 0) : 0;
    merge(whole, part, x);
    settle(root, x);
  }

  return draw({ rank, ways, columns, centre });
}

type Placed = {
  readonly rank: ReadonlyMap<string, number>;
  readonly ways: ReadonlyMap<string, readonly Way[]>;
  readonly columns: ReadonlyMap<string, readonly Column[]>;
  readonly centre: ReadonlyMap<string, number>;
};

function draw({ rank, ways, columns, centre }: Placed): Layout {
  const rankOf = (id: string) => rank.get(id) ?? 0;
  const all = [...ways.values()].flat();
  const rows = Math.max(-1, ...rank.values()) + 1;
  const wayX = (way: Way): number => {
    const index = (ways.get(way.from) ?? []).indexOf(way);
    return (centre.get(way.from) ?? 0) + (columns.get(way.from)?.[index]?.dx ?? 0);
  };
  const sidings = new Map(
    all.flatMap((way) => (way.kind === 'siding' && way.to !== null ? [[way.to, way] as const] : [])),
  );

  // Between two rows, each target that lines turn towards has a track of its own.
  const tracks: string[][] = Array.from({ length: rows }, () => []);
  const takeTrack = (row: number, target: string) => {
    const list = tracks[row];
    if (list !== undefined && !list.includes(target)) list.push(target);
  };
  for (const way of all) {
    if (way.to === null) continue;
    const last = rankOf(way.to) - 1;
    if (way.kind === 'siding' || way.kind === 'join') takeTrack(last, way.to);
    if (way.kind === 'join') takeTrack(rankOf(way.from), way.to);
  }
  const style: Array<typeof plain | typeof labelled> = Array.from({ length: rows }, () => plain);
  for (const [id, own] of ways) if (own.length > 1) style[rankOf(id)] = labelled;
  const top: number[] = [];
  let y = 0;
  for (let row = 0; row < rows; row += 1) {
    top.push(y);
    const used = tracks[row]?.length ?? 0;
    y += cardHeight + (style[row]?.gap ?? plain.gap) + used * trackHeight;
  }
  const topOf = (id: string) => top[rankOf(id)] ?? 0;
  const trackY = (row: number, target: string) =>
    (top[row] ?? 0) +
    cardHeight +
    (style[row]?.tracks ?? plain.tracks) +
    (tracks[row]?.indexOf(target) ?? 0) * trackHeight;

  const lines = all.map((way): LayoutLine => {
    const x = wayX(way);
    const bottom = topOf(way.from) + cardHeight;
    const own = style[rankOf(way.from)] ?? plain;
    const from = centre.get(way.from) ?? 0;
    const plusY = bottom + own.plus;
    const points: Point[] = [{ x: from, y: bottom }];
    const turn = (toX: number, atY: number) => {
      const at = points.at(-1);
      if (at === undefined || at.x === toX) return;
      points.push({ x: at.x, y: atY }, { x: toX, y: atY });
    };
    turn(x, bottom + busOffset);
    if (way.kind === 'open' || way.kind === 'back' || way.to === null) {
      points.push({ x, y: plusY - arrowRoom });
    } else {
      const target = way.to;
      const row = rankOf(way.from);
      const last = rankOf(target) - 1;
      const siding = sidings.get(target);
      if (way.kind === 'join' && row < last && siding !== undefined) turn(wayX(siding), trackY(row, target));
      if (way.kind !== 'tree') turn(centre.get(target) ?? 0, trackY(last, target));
      points.push({ x: centre.get(target) ?? 0, y: topOf(target) });
    }
    return {
      from: way.from,
      outlet: way.outlet,
      to: way.to,
      kind: way.kind === 'open' || way.kind === 'back' ? way.kind : 'line',
      points,
      x,
      labelY: bottom + (own.label === 0 ? labelled.label : own.label),
      plusY,
    };
  });

  const cards = new Map<string, Point>();
  for (const [id, x] of centre) cards.set(id, { x: x - cardWidth / 2, y: topOf(id) });
  const reading = [...centre.keys()].sort(
    (a, b) => rankOf(a) - rankOf(b) || (centre.get(a) ?? 0) - (centre.get(b) ?? 0),
  );
  const right = Math.max(
    cardWidth / 2,
    ...[...centre.values()].map((x) => x + cardWidth / 2),
    ...lines.map((line) => line.x),
  );
  return { cards, lines, reading, width: right + cardWidth / 2, height: y };
}

/** Steps one below the other, without lines: for flows whose code says what comes next. */
export function layoutList(steps: readonly LayoutStep[]): Layout {
  const cards = new Map(steps.map((step, index) => [step.id, { x: -cardWidth / 2, y: index * (cardHeight + 16) }]));
  return {
    cards,
    lines: [],
    reading: steps.map((step) => step.id),
    width: cardWidth,
    height: steps.length * (cardHeight + 16),
  };
}

/** An SVG path along orthogonal points with rounded corners. */
export function roundedPath(points: readonly Point[], radius = 10): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  let path = `M ${first.x} ${first.y}`;
  let at = first;
  for (const [index, point] of rest.entries()) {
    const after = rest[index + 1];
    const straight =
      after === undefined || (at.x === point.x && point.x === after.x) || (at.y === point.y && point.y === after.y);
    if (straight) {
      path += ` L ${point.x} ${point.y}`;
    } else {
      const before = Math.abs(point.x - at.x) + Math.abs(point.y - at.y);
      const ahead = Math.abs(after.x - point.x) + Math.abs(after.y - point.y);
      const r = Math.min(radius, before / 2, ahead / 2);
      const start = { x: point.x - Math.sign(point.x - at.x) * r, y: point.y - Math.sign(point.y - at.y) * r };
      const end = { x: point.x + Math.sign(after.x - point.x) * r, y: point.y + Math.sign(after.y - point.y) * r };
      path += ` L ${start.x} ${start.y} Q ${point.x} ${point.y} ${end.x} ${end.y}`;
    }
    at = point;
  }
  return path;
}
