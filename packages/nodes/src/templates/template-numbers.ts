import { type FilterImplOptions, filters } from 'liquidjs';
import { MovedInstant } from './shown-instant.ts';

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

/** The filter of that name, with results as people write them, and a failure instead of none. */
export function numberFilter(name: (typeof numberFilters)[number]): FilterImplOptions {
  const builtIn = filters[name];
  if (typeof builtIn !== 'function') throw new Error(`The filter ${name} is missing`);
  return function (...values: unknown[]) {
    const measured: unknown = Reflect.get(this.context.environments, measuredNumber);
    const operands = values.map(asOperand);
    const moved = movedInstant(name, operands);
    if (moved !== null) return moved;
    const result: unknown = operands.includes(noNumber) ? Number.NaN : Reflect.apply(builtIn, this, operands);
    if (typeof result !== 'number') return result;
    const written = asPeopleWrite(result);
    if (written !== null) return written;
    if (typeof measured === 'number') return measured;
    throw new NoResultError('The calculation has no result');
  };
}

/** `now | plus: 86400`, and what is like it. */
function movedInstant(name: string, [left, right]: readonly unknown[]): MovedInstant | null {
  if (name === 'plus' && typeof left === 'number') return MovedInstant.of(right, left);
  if (typeof right !== 'number' || (name !== 'plus' && name !== 'minus')) return null;
  return MovedInstant.of(left, name === 'plus' ? right : -right);
}

const noNumber = Symbol('no number');
const number = /^[-+]?(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d*)?$/;

/** A text as the number that it is, with commas between thousands or without; nothing counts as nothing, a word as no number. */
function asOperand(value: unknown): unknown {
  if (typeof value !== 'string' || value.trim() === '') return value;
  const text = value.trim();
  return number.test(text) && /\d/.test(text) ? Number(text.replaceAll(',', '')) : noNumber;
}

/** A result without the noise of binary fractions (`1.1 × 3` is 3.3), and never as `1e-7`; null for what has no digits to show. */
function asPeopleWrite(result: number): number | string | null {
  if (!Number.isFinite(result)) return null;
  if (Number.isInteger(result)) return Number.isSafeInteger(result) ? result : null;
  const whole = Math.trunc(Math.abs(result)).toString().length;
  // As many digits as a decimal number of a computer has right.
  const rounded = Number(result.toPrecision(Math.min(15, Math.max(12, whole + 4))));
  return Math.abs(rounded) < 1e-6 ? rounded.toFixed(20).replace(/\.?0+$/, '') : rounded;
}
