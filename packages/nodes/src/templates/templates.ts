import { defaultOperators, isTruthy, Liquid, LiquidError, type Template } from 'liquidjs';
import {
  contactFieldList,
  isStored,
  readContactField,
  type Scalar,
  storedFieldNames,
} from '../define/contact-fields.ts';
import type { ContactView, EventView } from '../define/ports.ts';
import { zoneOrUtc } from '../time/zoned-time.ts';
import { ShownInstant } from './shown-instant.ts';
import { dateInZone, NoDateError, zoneKey } from './template-date.ts';
import { TemplateError, type TemplateErrorCode } from './template-error.ts';
import { measuredNumber, NoResultError, numberFilter, numberFilters } from './template-numbers.ts';
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

/** What a template is filled with. */
export type TemplateData = {
  readonly contact: Omit<ContactView, 'id'>;
  /** The event that last moved the person. Its text is `reply.text`, its payload `event.data`. */
  readonly event: Pick<EventView, 'type' | 'text' | 'data'> | null;
  readonly now: Date;
  /** Where the person's times are shown: their zone, or the workspace's where they have none. By default theirs or UTC. */
  readonly zone?: string;
  /** Set where a message is only measured: what a calculation without a result comes to, instead of failing. */
  readonly measuredNumber?: number;
};

const liquid = createLiquid();
const cache = new Map<string, Template[]>();

/**
 * Fills in a template. Unknown variables are empty; only own properties of plain data can be read; times are shown in
 * the person's zone. `'now'` is `data.now`. `a or b` is the first of the two that has a value.
 *
 * @throws TemplateError where the source cannot be read, takes too much time or space, or a calculation in it has no result.
 */
export function renderTemplate(source: string, data: TemplateData): string {
  const template = compile(source);
  try {
    return String(liquid.renderSync(template, toScope(data)));
  } catch (error) {
    throw toTemplateError(error, 'template_failed');
  }
}

/** The problem with a template's source, or null. */
export function checkTemplate(source: string): TemplateError | null {
  try {
    compile(source);
    return null;
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
}

/**
 * The variables that a template reads, as sorted paths such as `contact.first_name`, without repetition.
 *
 * @throws TemplateError where the source cannot be read.
 */
export function templateVariables(source: string): string[] {
  const paths = liquid.globalVariableSegmentsSync(compile(source)).map((segments) => {
    const known = segments.findIndex((segment) => Array.isArray(segment));
    return (known === -1 ? segments : segments.slice(0, known)).map(String).join('.');
  });
  return [...new Set(paths)].sort();
}

const knownVariables = new Set([
  ...contactFieldList.map(({ name }) => `contact.${name}`),
  'reply.text',
  'event.type',
  'now',
]);

/** True for a variable that a message can have a value for. */
export function isKnownVariable(path: string): boolean {
  return knownVariables.has(path) || /^(?:contact\.attributes|event\.data)\.[^.]+$/.test(path);
}

function compile(source: string): Template[] {
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

/** A comparison in a placeholder, outside of its quoted texts: it would show `true`. It belongs into `{% if … %}`. */
const comparison = /\{\{(?:[^"'{}]|"[^"]*"|'[^']*')*?(?:[=!<>]=|[<>]|\scontains\s)/;

function parse(source: string): Template[] {
  const shown = source.length > limits.sourceCharacters ? null : comparison.exec(straightenQuotes(source));
  if (shown !== null) {
    const before = source.slice(0, shown.index).split('\n');
    throw new TemplateError('template_comparison', { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 });
  }
  try {
    return liquid.parse(straightenQuotes(source));
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

/** Copies the data into objects without a prototype: what is not put here does not exist for a template. */
function toScope({ contact, event, now, zone, measuredNumber: measured }: TemplateData): object {
  const shownZone = zone ?? zoneOrUtc(contact.time_zone);
  const scope = bare({
    contact: contactScope(contact, shownZone),
    reply: bare({ text: event?.text ?? null }),
    event: bare({ type: event?.type ?? null, data: bare(event?.data ?? {}) }),
    now: new ShownInstant(now, shownZone),
  });
  return Object.assign(scope, { [zoneKey]: shownZone }, measured === undefined ? {} : { [measuredNumber]: measured });
}

const derivedNames = contactFieldList.map(({ name }) => name).filter((name) => !isStored(name));

/** What a template may read of a contact. What is stored is there; what follows from it is worked out when it is asked for. */
function contactScope(contact: TemplateData['contact'], zone: string): object {
  const shown = (value: Scalar | Date | undefined) =>
    value instanceof Date ? new ShownInstant(value, zone) : (value ?? null);
  const stored: Record<string, Scalar | object> = { attributes: bare(contact.attributes) };
  for (const name of storedFieldNames) stored[name] = shown(contact[name]);
  const scope = bare(stored);
  for (const name of derivedNames)
    Object.defineProperty(scope, name, { enumerable: true, get: () => shown(readContactField(contact, name)) });
  return scope;
}

function bare(values: Readonly<Record<string, Scalar | Date | object>>): object {
  return Object.assign(Object.create(null), values);
}

function toTemplateError(error: unknown, fallback: TemplateErrorCode): TemplateError {
  if (!(error instanceof Error)) return new TemplateError(fallback, null);
  const cause = LiquidError.is(error) ? (error.originalError ?? error) : error;
  const { message } = cause;
  const code: TemplateErrorCode =
    cause instanceof NoResultError
      ? 'template_no_result'
      : cause instanceof NoDateError
        ? 'template_no_date'
        : /limit exceeded/.test(message)
          ? 'template_too_large'
          : /^undefined filter/.test(message)
            ? 'template_unknown_filter'
            : /^tag ".*" not found/s.test(message)
              ? 'template_unknown_tag'
              : /not closed/.test(message)
                ? 'template_not_closed'
                : fallback;
  if (!LiquidError.is(error)) return new TemplateError(code, null);
  const [line, column] = error.token.getPosition();
  return new TemplateError(code, line === undefined || column === undefined ? null : { line, column });
}
