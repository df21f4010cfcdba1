import {
  AssignTag,
  CaseTag,
  EchoTag,
  IfTag,
  Output,
  type Template,
  type Token,
  TypeGuards,
  UnlessTag,
  Value,
} from 'liquidjs';

/** A way through a tag that has several. */
export type Branch = {
  /** What decides whether it is taken, where that is a single value. */
  readonly condition: { readonly value: Value; readonly holds: boolean } | null;
  readonly templates: Template[];
};

/** What is asked of a template's parts; `known` holds what has been found out about its variables before. */
export type Asked<Known> = {
  /** About what is shown. */
  readonly shown: (template: Template, value: Value, known: ReadonlyMap<string, Known>) => void;
  /** About what a variable is set to; undefined for nothing. */
  readonly assigned: (
    template: Template,
    assigned: { readonly name: string; readonly value: Value },
    known: ReadonlyMap<string, Known>,
  ) => Known | undefined;
  /** The branches that somebody may take. */
  readonly taken: (
    template: Template,
    branches: readonly Branch[],
    known: ReadonlyMap<string, Known>,
  ) => readonly Branch[];
  /** What is known of a variable that is not the same at the end of all branches; undefined for nothing. */
  readonly either: Known | undefined;
};

/** Asks about the parts of a template in their order, branch after branch. */
export function askThrough<Known>(
  templates: readonly Template[],
  asked: Asked<Known>,
  known = new Map<string, Known>(),
): void {
  for (const template of templates) {
    const branches = branchesOf(template);
    if (branches !== null) {
      const ends = asked.taken(template, branches, known).map((branch) => {
        const own = new Map(known);
        askThrough(branch.templates, asked, own);
        return own;
      });
      merge(known, ends, asked.either);
      continue;
    }
    const value = shownOrAssigned(template);
    if (value === null) continue;
    if (template instanceof AssignTag) {
      for (const { content: name } of template.localScope())
        setOrDelete(known, name, asked.assigned(template, { name, value }, known));
    } else if (template instanceof Output || template instanceof EchoTag) asked.shown(template, value, known);
  }
}

/** Takes over what is the same at all ends. */
function merge<Known>(
  known: Map<string, Known>,
  ends: ReadonlyArray<ReadonlyMap<string, Known>>,
  either: Known | undefined,
): void {
  const [first, ...others] = ends;
  if (first === undefined) return;
  for (const name of new Set([known, ...ends].flatMap((end) => [...end.keys()]))) {
    const found = first.get(name);
    setOrDelete(known, name, others.every((end) => end.get(name) === found) ? found : either);
  }
}

function setOrDelete<Known>(known: Map<string, Known>, name: string, what: Known | undefined): void {
  if (what === undefined) known.delete(name);
  else known.set(name, what);
}

function branchesOf(template: Template): Branch[] | null {
  if (!(template instanceof IfTag || template instanceof UnlessTag || template instanceof CaseTag)) return null;
  const branches = template.branches.map((branch, index): Branch => {
    const holds = index > 0 || template instanceof IfTag;
    return { condition: 'value' in branch ? { value: branch.value, holds } : null, templates: branch.templates };
  });
  return [...branches, { condition: null, templates: template.elseTemplates ?? [] }];
}

/** What a template shows or assigns; null where it does neither. */
function shownOrAssigned(template: Template): Value | null {
  for (const argument of template.arguments?.() ?? []) if (argument instanceof Value) return argument;
  return null;
}

/** The texts, numbers and variables that a value is made of, in front of its filters. */
export function operandsOf({ initial }: Value): Token[] {
  return initial.postfix.filter((token) => !TypeGuards.isOperatorToken(token));
}

/** The operators that a value is made with. */
export function operatorsOf({ initial }: Value): string[] {
  return initial.postfix.flatMap((token) => (TypeGuards.isOperatorToken(token) ? [token.operator] : []));
}

/** What a filter is given beside the value before it. */
export function argumentsOf(filter: Value['filters'][number]): Token[] {
  return filter.args.flatMap((argument) => {
    const token = Array.isArray(argument) ? argument[1] : argument;
    return token === undefined ? [] : [token];
  });
}

/** The variable that a token is; null for anything else, as a property of one. */
export function variableOf(token: Token): string | null {
  if (!TypeGuards.isPropertyAccessToken(token) || token.variable !== undefined) return null;
  const [root, ...rest] = token.props;
  return rest.length === 0 && root !== undefined && TypeGuards.isWordToken(root) ? root.content : null;
}

/** The variables that a token reads; null among them for one whose name is not written. */
export function variablesIn(token: Token): Array<string | null> {
  if (TypeGuards.isRangeToken(token)) return [token.lhs, token.rhs].flatMap(variablesIn);
  if (TypeGuards.isFilteredValueToken(token)) return [null];
  if (!TypeGuards.isPropertyAccessToken(token)) return [];
  const [root, ...rest] = token.variable === undefined ? token.props : [token.variable, ...token.props];
  const named = root === undefined ? [null] : TypeGuards.isWordToken(root) ? [root.content] : variablesIn(root);
  const isDynamic = token.variable === undefined && named.length === 0;
  return [
    ...(isDynamic ? [null] : named),
    ...rest.flatMap((key) => (TypeGuards.isWordToken(key) ? [] : variablesIn(key))),
  ];
}
