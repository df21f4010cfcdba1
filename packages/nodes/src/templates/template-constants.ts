import {
  Context,
  isTruthy,
  RenderError,
  type Template,
  type Token,
  TypeGuards,
  toValueSync,
  type Value,
} from 'liquidjs';
import { compile, liquid, toTemplateError } from './template-engine.ts';
import type { TemplateError } from './template-error.ts';
import { argumentsOf, askThrough, type Branch, operandsOf, variableOf, variablesIn } from './template-tree.ts';

type Constants = ReadonlyMap<string, unknown>;

/**
 * What fails in a template for everybody who gets to it, because nothing in it depends on the person: a date that is none, a calculation
 * without a result. Told for each place, also for those in branches that somebody may take.
 *
 * @throws TemplateError where the template cannot be read.
 */
export function constantFailures(source: string): TemplateError[] {
  const failures: TemplateError[] = [];
  /** What `of` gives; undefined where it fails, which is kept. */
  const result = <Result>(template: Template, of: () => Result): Result | undefined => {
    try {
      return of();
    } catch (error) {
      const placed =
        error instanceof RenderError || !(error instanceof Error) ? error : new RenderError(error, template);
      failures.push(toTemplateError(placed, 'template_failed'));
      return undefined;
    }
  };
  askThrough<unknown>(compile(source), {
    shown(template, value, known) {
      if (isConstant(value, known)) result(template, () => rendered(template, known));
    },
    assigned: (template, { name, value }, known) =>
      isConstant(value, known) ? result(template, () => rendered(template, known).getSync([name])) : undefined,
    taken(template, branches, known) {
      const taken: Branch[] = [];
      for (const branch of branches) {
        const { condition } = branch;
        const decided =
          condition !== null && isConstant(condition.value, known)
            ? result(template, () => isMet(condition, known))
            : undefined;
        if (decided !== false) taken.push(branch);
        if (decided === true) break;
      }
      return taken;
    },
    either: undefined,
  });
  return failures;
}

function isConstant(value: Value, known: Constants): boolean {
  const tokens = [...operandsOf(value), ...value.filters.flatMap(argumentsOf)];
  if (tokens.some((token) => readsClock(token, known))) return false;
  return tokens.flatMap(variablesIn).every((name) => name !== null && known.has(name));
}

/** The texts that the `date` filter takes for the present moment. */
function readsClock(token: Token, known: Constants): boolean {
  const text = TypeGuards.isQuotedToken(token) ? token.content : known.get(variableOf(token) ?? '');
  return text === 'now' || text === 'today';
}

const contextOf = (known: Constants): Context =>
  new Context(Object.assign(Object.create(null), Object.fromEntries(known)), liquid.options, { sync: true });

/** The variables after a part of a template was rendered by itself. */
function rendered(template: Template, known: Constants): Context {
  const context = contextOf(known);
  liquid.renderSync([template], context);
  return context;
}

function isMet({ value, holds }: NonNullable<Branch['condition']>, known: Constants): boolean {
  const context = contextOf(known);
  return isTruthy(toValueSync(value.value(context)), context) === holds;
}
