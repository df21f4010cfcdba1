import { type FilterImplOptions, filters } from 'liquidjs';

/** Thrown by a calculation that has no result: a division by zero, a text in place of a number. */
export class NoResultError extends Error {
  override readonly name = 'NoResultError';
}

/** Under this key of the scope stands the number that calculations without a result come to, where a message is only measured. */
export const measuredNumber = Symbol('measured number');

/** The filters that calculate. */
export const numberFilters = [
  'abs',
  'at_least',
  'at_most',
  'ceil',
  'divided_by',
  'floor',
  'minus',
  'modulo',
  'plus',
  'round',
  'times',
] as const;

/** As many digits as a decimal number of a computer has right: `1.1 × 3` is 3.3. */
const digits = 12;

/** The filter of that name, with results as people write them, and a failure instead of none. */
export function numberFilter(name: (typeof numberFilters)[number]): FilterImplOptions {
  const builtIn = filters[name];
  if (typeof builtIn !== 'function') throw new Error(`The filter ${name} is missing`);
  return function (...values: unknown[]) {
    const result: unknown = Reflect.apply(builtIn, this, values);
    if (typeof result !== 'number') return result;
    if (Number.isFinite(result)) return Number(result.toPrecision(digits));
    const measured: unknown = Reflect.get(this.context.environments, measuredNumber);
    if (typeof measured === 'number') return measured;
    throw new NoResultError('The calculation has no result');
  };
}
