import { defaultOperators, isTruthy, Liquid, LiquidError, type Template } from 'liquidjs';
import { ComparisonError, keepFlagsUnshown } from './template-booleans.ts';
import { dateInZone, NoDateError } from './template-date.ts';
import { positionOf, TemplateError, type TemplateErrorCode } from './template-error.ts';
import { NoResultError, numberFilter, numberFilters } from './template-numbers.ts';
import { straightenQuotes } from './template-quotes.ts';

/** Tags a message may use. None loops, reads files or captures, so time and size stay in step with the source. */
const allowedTags = ['assign', 'case', 'comment', 'echo', 'if', 'raw', 'unless', '#'];

/** Filters a message may use. */
export const allowedFilters: readonly string[] = [
  'abs',
  'append',
  'at_least',
  'at_most',
  'capitalize',
  'ceil',
  'date',
  'default',
  'divided_by',
  'downcase',
  'floor',
  'lstrip',
  'minus',
  'modulo',
  'plus',
  'prepend',
  'remove',
  'remove_first',
  'replace',
  'replace_first',
  'round',
  'rstrip',
  'size',
  'slice',
  'squish',
  'strip',
  'strip_newlines',
  'times',
  'truncate',
  'truncatewords',
  'upcase',
];

const limits = { sourceCharacters: 10_000, renderMilliseconds: 1_000, memory: 200_000, cachedTemplates: 500 } as const;

/** What reads and fills in templates. */
export const liquid = createLiquid();
const cache = new Map<string, Template[]>();

/**
 * A template as it is read, kept for the next time.
 *
 * @throws TemplateError where it cannot be read.
 */
export function compile(source: string): Template[] {
  const cached = cache.get(source);
  if (cached !== undefined) {
    cache.delete(source);
    cache.set(source, cached);
    return cached;
  }
  const template = parse(source);
  cache.set(source, template);
  const oldest = cache.keys().next();
  if (cache.size > limits.cachedTemplates && oldest.done !== true) cache.delete(oldest.value);
  return template;
}

function parse(source: string): Template[] {
  try {
    const templates = liquid.parse(straightenQuotes(source));
    keepFlagsUnshown(templates);
    return templates;
  } catch (error) {
    throw toTemplateError(error, 'template_syntax');
  }
}

function createLiquid(): Liquid {
  const engine = new Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: false,
    dynamicPartials: false,
    relativeReference: false,
    // An in-memory source of partials that holds none: nothing can reach a file.
    templates: {},
    cache: false,
    parseLimit: limits.sourceCharacters,
    renderLimit: limits.renderMilliseconds,
    memoryLimit: limits.memory,
    operators: {
      ...defaultOperators,
      // As conditions these mean what they always do; in a text `{{ name or 'you' }}` is a name and never “true”.
      or: (left, right, context) => (isTruthy(left, context) ? left : right),
      and: (left, right, context) => (isTruthy(left, context) ? right : left),
    },
  });
  for (const tag of Object.keys(engine.tags)) if (!allowedTags.includes(tag)) delete engine.tags[tag];
  for (const filter of Object.keys(engine.filters)) {
    if (!allowedFilters.includes(filter)) engine.unregisterFilter(filter);
  }
  engine.registerFilter('date', dateInZone);
  for (const filter of numberFilters) engine.registerFilter(filter, numberFilter(filter));
  return engine;
}

/** What went wrong as a code and a place; `fallback` where it has no code of its own. */
export function toTemplateError(error: unknown, fallback: TemplateErrorCode): TemplateError {
  if (error instanceof TemplateError) return error;
  if (!(error instanceof Error)) return new TemplateError(fallback, null);
  const cause = LiquidError.is(error) ? (error.originalError ?? error) : error;
  const { message } = cause;
  const code: TemplateErrorCode =
    cause instanceof NoResultError
      ? 'template_no_result'
      : cause instanceof NoDateError
        ? 'template_no_date'
        : cause instanceof ComparisonError
          ? 'template_comparison'
          : /limit exceeded/.test(message)
            ? 'template_too_large'
            : /^undefined filter/.test(message)
              ? 'template_unknown_filter'
              : /^tag ".*" not found/s.test(message)
                ? 'template_unknown_tag'
                : /not closed/.test(message)
                  ? 'template_not_closed'
                  : fallback;
  return new TemplateError(code, LiquidError.is(error) ? positionOf(error.token) : null);
}
