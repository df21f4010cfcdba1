/** Lets so many in at once; others wait, and go in by the order in which they came. */
export type Line = {
  /** Resolves once there is a place, to what gives it back; giving it back again does nothing. */
  readonly enter: () => Promise<() => void>;
};

export function createLine(places: number): Line {
  const waiting: Array<() => void> = [];
  let free = places;
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return {
    async enter() {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      let inside = true;
      return () => {
        if (inside) leave();
        inside = false;
      };
    },
  };
}
