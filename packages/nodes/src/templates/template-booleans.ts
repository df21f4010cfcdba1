import {
  type Context,
  type Emitter,
  evalToken,
  type Template,
  type Token,
  TypeGuards,
  toValue,
  type Value,
} from 'liquidjs';
import { positionOf, TemplateError } from './template-error.ts';
import { measuredNumber, numberFilters } from './template-numbers.ts';
import { argumentsOf, askThrough, operandsOf, operatorsOf, variableOf } from './template-tree.ts';

/** Thrown for the answer to a comparison that is about to be shown. */
export class ComparisonError extends Error {
  override readonly name = 'ComparisonError';
}

/** Of a value: that the template's own true or false is all that it can be, or one of the things. */
type Flag = 'always' | 'maybe';
type Flags = ReadonlyMap<string, Flag>;

/** `and` and `or` give one of their sides, all others true or false. */
const compares = (operator: string): boolean => operator !== 'and' && operator !== 'or';
/** Filters that make no words of a true or false. */
const wordless: ReadonlySet<string> = new Set(['default', 'date', 'size', ...numberFilters]);

/**
 * Keeps the words “true” and “false” that a template makes itself, by a comparison or as a variable's value, from being shown. What shows
 * one in any case cannot be read; what may show one fails where it does. A true or false of the data is shown: it is what somebody wrote.
 *
 * @throws TemplateError
 */
export function keepFlagsUnshown(templates: readonly Template[]): void {
  askThrough<Flag>(templates, {
    shown(template, value, flags) {
      if (operatorsOf(value).some(compares) || flagOf(value, flags) === 'always')
        throw new TemplateError('template_comparison', positionOf(template.token));
      watch(template, value, flags);
    },
    assigned: (_template, { value }, flags) => flagOf(value, flags),
    taken: (_template, branches) => branches,
    either: 'maybe',
  });
}

function flagOf(value: Value, flags: Flags): Flag | undefined {
  if (value.filters.some(({ name }) => name !== 'default')) return undefined;
  const operators = operatorsOf(value);
  const given = [...operandsOf(value), ...value.filters.flatMap(argumentsOf)];
  const found = given.map((token) => flagOfToken(token, flags));
  const last = operators.at(-1);
  if (value.filters.length === 0 && last !== undefined && compares(last)) return 'always';
  if (given.length === 1 && operators.length === 0) return found[0];
  return operators.some(compares) || found.some((flag) => flag !== undefined) ? 'maybe' : undefined;
}

function flagOfToken(token: Token, flags: Flags): Flag | undefined {
  if (TypeGuards.isLiteralToken(token)) return typeof token.content === 'boolean' ? 'always' : undefined;
  return flags.get(variableOf(token) ?? '');
}

/** Makes a placeholder that may come to a true or false of the template's own fail where it does. */
function watch(template: Template, value: Value, flags: Flags): void {
  const isFlag = (token: Token) => flagOfToken(token, flags) !== undefined;
  if (!operandsOf(value).some(isFlag) && !value.filters.flatMap(argumentsOf).some(isFlag)) return;
  for (const filter of value.filters) {
    if (wordless.has(filter.name)) continue;
    const render = filter.render.bind(filter);
    const watched = argumentsOf(filter).filter(isFlag);
    filter.render = function* (input: unknown, context) {
      requireNoFlag(input, context);
      for (const token of watched) requireNoFlag(yield evalToken(token, context), context);
      return yield* render(input, context);
    };
  }
  const render = template.render.bind(template);
  template.render = (context: Context, emitter: Emitter) =>
    render(context, {
      buffer: '',
      write(shown: unknown) {
        requireNoFlag(shown, context);
        emitter.write(shown);
      },
    });
}

/** Where a message is only measured, nothing fails. */
function requireNoFlag(value: unknown, { environments }: Context): void {
  if (typeof toValue(value) === 'boolean' && typeof Reflect.get(environments, measuredNumber) !== 'number')
    throw new ComparisonError('The answer to a comparison has no words');
}
