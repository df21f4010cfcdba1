import { controls } from '@signalbox/nodes/define/controls.gen';
import type { AnyNode, BoundNode, NodeGroup, Outlet } from '@signalbox/nodes/define/define-node';
import { configJsonSchema } from '@signalbox/nodes/define/json-schema';
import type { Trigger } from '@signalbox/nodes/define/trigger';
import type { FieldUi } from '@signalbox/nodes/define/ui';
import type { Step } from '@signalbox/nodes/flow/graph';
import { catalogue, nodeByType } from '@signalbox/nodes/library/catalogue.gen';
import { summariseTemplate } from '@signalbox/nodes/templates/template-summary';
import { randomId } from '../lib/random-id.ts';
import { t, tr } from '../lib/translate.ts';
import { isRecord, type JsonSchema, sampleValue, schemaAt, setAt } from './json-schema.ts';

/** What the editor shows of a step. */
export type StepView = {
  /** Its own name, else the first words of the text that it sends, else what it is. */
  readonly title: string;
  /** The title as it stands within a sentence: words of a text are quoted. */
  readonly called: string;
  readonly typeTitle: string;
  readonly summary: string;
  readonly icon: string;
  readonly group: NodeGroup;
  readonly outlets: readonly Outlet[];
  readonly isTrigger: boolean;
};

const groupOrder: readonly NodeGroup[] = ['trigger', 'message', 'wait', 'logic', 'people', 'end'];

/** The nodes of the library in palette order. */
export const palette: readonly AnyNode[] = [...catalogue].sort(
  (a, b) => groupOrder.indexOf(a.group) - groupOrder.indexOf(b.group) || a.title.localeCompare(b.title),
);

const schemas = new Map<string, JsonSchema>();

/** The JSON Schema of a node's config with the UI hints. */
export function schemaOf(type: string): JsonSchema | null {
  const known = schemas.get(type);
  if (known !== undefined) return known;
  const node = nodeByType.get(type);
  if (node === undefined) return null;
  const schema: JsonSchema = configJsonSchema(node);
  schemas.set(type, schema);
  return schema;
}

/** UI hints of a field, where the schema carries any. */
export function uiOf(schema: JsonSchema): FieldUi | null {
  return isFieldUi(schema.ui) ? schema.ui : null;
}

function isFieldUi(value: unknown): value is FieldUi {
  return isRecord(value) && typeof value.label === 'string';
}

/** The config of a new step: defaults where the schema has them, blanks to be filled in elsewhere. */
function initialConfig(type: string): Step['config'] {
  const schema = schemaOf(type);
  const config: Step['config'] = {};
  for (const name of schema?.required ?? []) {
    const field = schema?.properties?.[name] ?? {};
    config[name] = blank(field);
  }
  for (const [name, field] of Object.entries(schema?.properties ?? {})) {
    if (field.default !== undefined) config[name] = toJson(field.default);
  }
  return config;
}

type Json = Step['config'][string];

function blank(field: JsonSchema): Json {
  const named = uiOf(field)?.control;
  const given = named === undefined ? null : controls[named].blank;
  if (given !== null) return toJson(given);
  if (field.enum !== undefined) return toJson(field.enum[0]);
  if (field.type === 'array') return [];
  if (field.type === 'object') return {};
  if (field.type === 'boolean') return false;
  if (field.type === 'number' || field.type === 'integer') return Math.max(field.minimum ?? 1, 1);
  return '';
}

/** A plain copy of a JSON value. */
export function toJson(value: unknown): Json {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}

const bound = new WeakMap<object, { readonly node: BoundNode | null; readonly complete: boolean }>();

/** Binds a step's config. An unfinished config is bound with its gaps filled, so that its ways out are known already. */
function bind(step: Step): { readonly node: BoundNode | null; readonly complete: boolean } {
  const known = bound.get(step.config);
  if (known !== undefined) return known;
  const node = nodeByType.get(step.type);
  let result: { readonly node: BoundNode | null; readonly complete: boolean } = { node: null, complete: false };
  if (node !== undefined) {
    let config: unknown = step.config;
    for (let attempt = 0; attempt < 8 && result.node === null; attempt += 1) {
      const parsed = node.config.safeParse(config);
      if (parsed.success) {
        result = { node: node.bind(config), complete: attempt === 0 };
        break;
      }
      for (const issue of parsed.error.issues) {
        const root = schemaOf(step.type) ?? {};
        const field = schemaAt(root, issue.path);
        const { default: _, ...bare } = field;
        // What is so by default may be what is refused, as a message without a text.
        config = setAt(config, issue.path, sampleValue(attempt === 0 ? field : bare, root, attempt));
      }
    }
  }
  bound.set(step.config, result);
  return result;
}

/** The ways out of a step, also while its config is unfinished. */
export function outletsOf(step: Step): readonly Outlet[] {
  return bind(step).node?.outlets() ?? [];
}

/** How a step lets people in; null for one that does not, or is not filled in. */
export function triggerOf(step: Step): Trigger | null {
  const { node, complete } = bind(step);
  return complete && node !== null ? node.trigger() : null;
}

/** Outlet ids once the config is complete; null while it is not, so that lines outlive a half-typed change. */
export function settledOutlets(step: Step): readonly string[] | null {
  const { node, complete } = bind(step);
  return complete && node !== null ? node.outlets().map((outlet) => outlet.id) : null;
}

/** About as many characters as a card has room for in its first line, beside a number of people. */
const titleLength = 24;

/** A text cut behind its first words, and what follows them. */
function firstWords(text: string): { readonly first: string; readonly rest: string } {
  const letters = [...text];
  if (letters.length <= titleLength) return { first: text, rest: '' };
  const space = letters.lastIndexOf(' ', titleLength);
  const end = space > titleLength / 3 ? space : titleLength;
  const first = letters
    .slice(0, end)
    .join('')
    .replace(/[\s….,;:]+$/, '');
  return { first: `${first}…`, rest: letters.slice(end).join('').trim() };
}

/** The text that a step sends, as it is written; empty where it sends none, or none is written yet. */
function sentSource(step: Step): string {
  const fields = Object.entries(schemaOf(step.type)?.properties ?? {});
  const [field, schema] = fields.find(([, each]) => uiOf(each)?.control === 'message') ?? [];
  // A text that its form does not show, as where a template is sent, is not what goes out.
  const { visible } = (schema === undefined ? null : uiOf(schema)) ?? {};
  const beside = visible === undefined ? undefined : fields.find(([name]) => name === visible.field)?.[1].default;
  if (visible !== undefined && (step.config[visible.field] ?? beside) !== visible.equals) return '';
  const text = field === undefined ? undefined : step.config[field];
  return typeof text === 'string' ? text : '';
}

/** All that a step sends, as it is written; what it will do, where it sends nothing. */
export function fullTextOf(step: Step): string {
  const text = sentSource(step);
  return text === '' ? viewOf(step).summary : text;
}

/** How a step is shown: what it is called, what it will do, its ways out. */
export function viewOf(step: Step): StepView {
  const node = nodeByType.get(step.type);
  const { node: config, complete } = bind(step);
  const typeTitle = node === undefined ? step.type : tr(node.title);
  const text = step.name === undefined ? summariseTemplate(sentSource(step)) : '';
  const words = text === '' ? null : firstWords(text);
  const title = step.name ?? (words === null ? typeTitle : tr(words.first));
  const summary = words === null ? (config?.summary() ?? '') : words.rest === '' ? (node?.title ?? '') : words.rest;
  return {
    title,
    called: words === null ? title : t('step.quoted', { words: words.first }),
    typeTitle,
    summary: complete ? tr(summary) : '',
    icon: node?.icon ?? 'box',
    group: node?.group ?? 'end',
    outlets: config?.outlets().map((outlet) => ({ ...outlet, label: tr(outlet.label) })) ?? [],
    isTrigger: node?.group === 'trigger',
  };
}

/** A new step of a type. `suffix` makes its id unique over the life of the flow. */
export function newStep(type: string, suffix: string): Step {
  return {
    id: `${type.replaceAll('-', '_')}_${suffix}`,
    type,
    version: nodeByType.get(type)?.version ?? 1,
    config: initialConfig(type),
  };
}

/** A short random ending for the ids of new steps. */
export function newSuffix(): string {
  return randomId().replaceAll('-', '').slice(0, 8);
}

/** The palette group of a node type. */
export const nodeGroupOf = (type: string): NodeGroup | null => nodeByType.get(type)?.group ?? null;

/** What a node does, in a sentence or two. */
export const docsOf = (type: string): string => nodeByType.get(type)?.docs ?? '';

const configs = new WeakMap<object, Step['config']>();

/** A config as an answer holds it; the same one for the same answer, so that a form knows it again. */
export function toConfig(config: Readonly<Record<string, unknown>>): Step['config'] {
  const known = configs.get(config);
  if (known !== undefined) return known;
  const made = Object.fromEntries(Object.entries(config).map(([name, value]) => [name, toJson(value)]));
  configs.set(config, made);
  configs.set(made, made);
  return made;
}

/** A config that a form made: it is read back as it is. */
export function keptConfig(config: Step['config']): Step['config'] {
  configs.set(config, config);
  return config;
}
