import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FreeName, freeNames } from './free-names.ts';
import { isNode, lineAt, nameOf, parseSource, propertyOf, type SourceNode, walkValues } from './parse-source.ts';

/*
 * What a node, a gate rule, statistics and everything they are made of may not reach: clocks, randomness, the network, timers, the process. Imports are
 * the boundary check's; these are globals. `new Date(x)` of a value is no clock.
 */

const folders = ['packages/nodes/src', 'packages/statistics/src'];

/** Globals of the language that know neither a moment nor the world. Whatever is not here turns red. */
const pure: ReadonlySet<string> = new Set(
  `undefined NaN Infinity Array Object String Number Boolean BigInt Symbol Map Set WeakMap WeakSet RegExp JSON Intl Promise Iterator
  Reflect Proxy Error TypeError RangeError SyntaxError AggregateError parseInt parseFloat isNaN isFinite encodeURIComponent
  decodeURIComponent encodeURI decodeURI URL URLSearchParams TextEncoder TextDecoder structuredClone Uint8Array Uint16Array Uint32Array
  arguments`
    .trim()
    .split(/\s+/),
);

const impure: ReadonlyMap<string, string> = new Map(
  Object.entries({
    fetch: 'fetch',
    'XMLHttpRequest WebSocket EventSource navigator': 'the network',
    'setTimeout setInterval setImmediate queueMicrotask scheduler': 'a timer',
    'crypto performance process global globalThis self window document': 'a global of the process',
  }).flatMap(([names, is]) => names.split(' ').map((name) => [name, is] as const)),
);

const renamed = 'a clock or a draw by another name';

/** What a use of `Date` reaches, by what it stands in; null for a value made of a value. */
function datesUse(use: SourceNode, node: SourceNode): string | null {
  if (use.type === 'NewExpression' && use.callee === node) return givesValue(use) ? null : 'new Date()';
  if (use.type === 'CallExpression' && use.callee === node) return 'Date()';
  if (use.type === 'BinaryExpression' && use.operator === 'instanceof') return null;
  if (use.superClass === node) return datesValue(use) ? null : renamed;
  const property = propertyOf(use);
  if (property === 'now') return use.computed === true ? renamed : 'Date.now';
  return property === 'parse' || property === 'UTC' ? null : renamed;
}

/** What a use of another global reaches, by what it stands in; null where that is nothing but the language. */
function otherUse(name: string, use: SourceNode): string | null {
  const property = use.computed === true ? null : propertyOf(use);
  switch (name) {
    case 'Math':
      return property === null ? renamed : property === 'random' ? 'Math.random' : null;
    case 'Temporal':
      return property === null ? renamed : property === 'Now' ? 'Temporal.Now' : null;
    case 'AbortSignal':
      return property === 'any' || property === 'abort' ? null : 'a timer';
    default:
      return pure.has(name) ? null : (impure.get(name) ?? `the global ${name}`);
  }
}

/** Whether a kind of date of one's own is made of a value: its constructor says so. */
function datesValue(made: SourceNode): boolean {
  let [given, left] = [false, false];
  walkValues(made, (node) => {
    if (node.type !== 'CallExpression' || !isNode(node.callee) || node.callee.type !== 'Super') return;
    if (givesValue(node)) given = true;
    else left = true;
  });
  return given && !left;
}

/** Whether a call is made with a value: without one, a clock says now. */
function givesValue(call: SourceNode): boolean {
  const [first] = Array.isArray(call.arguments) ? call.arguments : [];
  return isNode(first) && first.type !== 'SpreadElement' && nameOf(first) !== 'undefined';
}

/** Parts of a source that stand around a value and leave it what it is. */
const wrappers = new Set(['ChainExpression', 'ParenthesizedExpression']);
const isWrapper = ({ type }: SourceNode): boolean => wrappers.has(type) || type.startsWith('TS');

/** What a node is used by, and as which part of that: what merely wraps it counts as itself. */
function useOf(node: SourceNode, around: readonly SourceNode[]): { readonly use: SourceNode; readonly as: SourceNode } {
  const at = around.findLastIndex((each) => !isWrapper(each));
  return { use: around[at] ?? node, as: around[at + 1] ?? node };
}

function globalUse({ name, node, around }: FreeName): string | null {
  const { use, as } = useOf(node, around);
  return name === 'Date' ? datesUse(use, as) : otherUse(name, use);
}

const formats = new Set(['format', 'formatToParts']);
/** Uses by which a function goes on under another name. */
const passedOn = new Set(['VariableDeclarator', 'AssignmentExpression', 'CallExpression', 'MemberExpression']);

/** What the property that a node reads would reach on a date, or on a formatter, which without a moment takes the present one. */
function propertyUse(node: SourceNode, around: readonly SourceNode[]): string | null {
  const taken = node.type === 'Property' && around.at(-1)?.type === 'ObjectPattern' ? nameOf(node.key) : null;
  const read = propertyOf(node) ?? taken;
  // The constructor of the date that is handed in has a clock.
  if (read === 'constructor') return renamed;
  const { use, as } = useOf(node, around);
  const called = use.type === 'CallExpression' && use.callee === as;
  if (read === 'now' && called) return renamed;
  if (read === null || !formats.has(read) || (called && givesValue(use))) return null;
  const going = taken !== null || (passedOn.has(use.type) && use.property !== as);
  return going ? 'the present moment' : null;
}

/** The impure globals that a source uses, a line each. */
export function impurities(path: string, source: string): string[] {
  const program = parseSource(path, source);
  const found = new Map<number, string>();
  walkValues(program, (node, around) => {
    const is = propertyUse(node, around);
    if (is !== null) found.set(node.start, is);
  });
  // `Date.now()` is told as what it is, and not once more as a property.
  for (const free of freeNames(program)) {
    const is = globalUse(free);
    if (is !== null) found.set(free.node.start, is);
  }
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([at, is]) => `${path}:${lineAt(source, at)} uses ${is}; time and randomness are handed in`);
}

/** Every use in the library and in statistics under `root`, but in their tests. */
export function checkPurity(root: string): string[] {
  return folders.flatMap((folder) => {
    const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
    if (files.length === 0) return [`no sources under ${folder}`];
    return files.sort().flatMap((path) => impurities(path, readFileSync(join(root, path), 'utf8')));
  });
}
