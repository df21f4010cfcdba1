const order = 20;

/** Zeros of the Legendre polynomial with their weights (DLMF 3.5(v)): Newton's method from Tricomi's first guess. */
function legendre(n: number): readonly { readonly node: number; readonly weight: number }[] {
  return Array.from({ length: n }, (_, k) => {
    let x = Math.cos((Math.PI * (k + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let turn = 0; turn < 10; turn += 1) {
      let [last, value] = [1, x];
      for (let j = 2; j <= n; j += 1) [last, value] = [value, ((2 * j - 1) * x * value - (j - 1) * last) / j];
      slope = (n * (x * value - last)) / (x * x - 1);
      x -= value / slope;
    }
    return { node: x, weight: 2 / ((1 - x * x) * slope * slope) };
  });
}

const rule = legendre(order);

/** A place with what a function's value there counts in its integral. */
export type Node = { readonly x: number; readonly weight: number };

/** For an integral from the first of the given points to the last: twenty places of Gauss and Legendre between each two. */
export function quadrature(points: readonly number[]): Node[] {
  const sorted = [...new Set(points)].sort((a, b) => a - b);
  return sorted.flatMap((from, index) => {
    const to = sorted[index + 1];
    if (to === undefined) return [];
    const [middle, half] = [(from + to) / 2, (to - from) / 2];
    return rule.map(({ node, weight }) => ({ x: middle + half * node, weight: half * weight }));
  });
}
