type Point = { readonly x: number; readonly y: number };

/** Where each "+" stands on the screen, by its key. */
export type Places = ReadonlyMap<string, Point>;

/** How long after a change a hand may still aim at where something stood: the longest movement, and the time that a hand takes. */
const lasts = 450;
const reach = 18;

/** Remembers where things stood before they began to slide, so that a press on the way they take is a press on them. */
export type Slides = {
  /** Something moves from these places. */
  readonly began: (from: Places, at: number) => void;
  /** The first of a movement is on the screen only now: until then a hand saw, and aims at, where things stood before. */
  readonly shown: (at: number) => void;
  /** What slid under a point of the screen lately; `now` is where things come to rest. */
  readonly hit: (point: Point, now: Places, at: number) => string | null;
};

/** Begins with nothing that moves. Times in milliseconds. */
export function createSlides(): Slides {
  let recent: ReadonlyArray<{ readonly from: Places; readonly at: number }> = [];
  return {
    began(from, at) {
      recent = [...recent.filter((slide) => at - slide.at < lasts), { from, at }];
    },
    shown(at) {
      recent = recent.map((slide, index) => (index === recent.length - 1 ? { ...slide, at } : slide));
    },
    hit(point, now, at) {
      let best: { readonly key: string; readonly distance: number } | null = null;
      for (const slide of recent) {
        if (at - slide.at >= lasts) continue;
        for (const [key, from] of slide.from) {
          const to = now.get(key);
          if (to === undefined) continue;
          const distance = distanceTo(point, from, to);
          if (distance <= reach && (best === null || distance < best.distance)) best = { key, distance };
        }
      }
      return best?.key ?? null;
    },
  };
}

/** From a point to the nearest place on the way between two others. */
function distanceTo(point: Point, from: Point, to: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((point.x - from.x) * dx + (point.y - from.y) * dy) / length;
  const part = Math.max(0, Math.min(1, along));
  return Math.hypot(point.x - from.x - part * dx, point.y - from.y - part * dy);
}
