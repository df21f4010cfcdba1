/*
 * The densities that the incomplete gamma and beta functions are made of, without a logarithm of a gamma function: for a million people
 * that is some ten million, and its last digit alone would cost seven of the result's. What is left of it after Stirling's formula, and how
 * far a count is from what was expected, are small numbers and keep theirs.
 *
 * C. Loader (2000), "Fast and accurate computation of binomial probabilities".
 */

/** ln Γ(n+1) − ((n+½) ln n − n + ½ ln 2π), for n > 0: Stirling's series (DLMF 5.11.1), from 16 on. */
export function stirlingError(n: number): number {
  let shifted = 0;
  let at = n;
  for (; at < 16; at += 1) shifted += (at + 0.5) * Math.log1p(1 / at) - 1;
  const s = 1 / (at * at);
  return shifted + (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s / 1188)))) / at;
}

/** x ln(x/m) + m − x: how far x is from m. Near m its parts cancel, so there it is a series in (x−m)/(x+m). */
export function deviance(x: number, m: number): number {
  if (Math.abs(x - m) >= 0.1 * (x + m)) return x * Math.log(x / m) + m - x;
  const v = (x - m) / (x + m);
  let sum = (x - m) * v;
  let term = 2 * x * v;
  for (let j = 1; j < 1_000; j += 1) {
    term *= v * v;
    const next = sum + term / (2 * j + 1);
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

/** x^a e^(−x) / Γ(a+1). */
export function poissonTerm(a: number, x: number): number {
  return Math.exp(-stirlingError(a) - deviance(a, x)) / Math.sqrt(2 * Math.PI * a);
}

/** x^a y^b / B(a, b), where y = 1 − x, which who calls may know to more digits. */
export function betaTerm(a: number, b: number, x: number, y: number): number {
  const n = a + b;
  const exponent = stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x) - deviance(b, n * y);
  return Math.sqrt(((a / n) * b) / (2 * Math.PI)) * Math.exp(exponent);
}
