import { z } from 'zod';
import { controls } from './controls.gen.ts';
import type { Reason } from './decision.ts';
import { type AnyNode, nodeGroups } from './define-node.ts';
import { controlForShape, fieldShape } from './field-shape.ts';
import { configJsonSchema } from './json-schema.ts';
import { isFailingCase, type NodeCase, runCase } from './node-case.ts';
import { isGeneral } from './problems.ts';
import { describeReasonOf } from './reasons.ts';

const fieldUiSchema = z.strictObject({
  label: z.string().min(1),
  help: z.string().optional(),
  placeholder: z.string().optional(),
  control: z.enum(Object.keys(controls)).optional(),
  options: z.array(z.strictObject({ value: z.string(), label: z.string(), help: z.string().optional() })).optional(),
  visible: z.strictObject({ field: z.string(), equals: z.union([z.string(), z.number(), z.boolean()]) }).optional(),
  unit: z.string().optional(),
});

/**
 * What a node of the library lacks, one sentence each; none for a complete one.
 *
 * @param cases the table beside the node, or null where there is none.
 */
export async function checkNode(node: AnyNode, cases: readonly NodeCase[] | null): Promise<string[]> {
  const codes = cases === null ? [] : [...(await checkCodes(node, cases)), ...(await checkEffect(node, cases))];
  return [...checkFace(node), ...checkForm(node), ...checkCases(node, cases), ...codes];
}

function checkFace(node: AnyNode): string[] {
  const problems: string[] = [];
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(node.type)) problems.push('The type is not in kebab-case.');
  if (!Number.isInteger(node.version) || node.version < 1) problems.push('The version is not a whole number from 1.');
  if (node.title.trim() === '') problems.push('There is no title.');
  if (node.docs.trim().length < 20) problems.push('The docs text is missing or too short.');
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(node.icon)) problems.push('The icon is not a lucide name in kebab-case.');
  if (!nodeGroups.includes(node.group)) problems.push('The group is not one of the palette.');
  return problems;
}

function checkForm(node: AnyNode): string[] {
  const schema = configJsonSchema(node);
  if (!isOneObject(schema))
    return [
      'The config is not one object with fields, so that no form can be drawn. Make it a z.object of every field.',
    ];
  const { properties } = z.looseObject({ properties: z.record(z.string(), z.unknown()).default({}) }).parse(schema);
  const problems = Object.entries(properties).flatMap(([name, property]) =>
    typeof property === 'object' && property !== null && 'ui' in property ? [] : [`The field ${name} has no UI hints.`],
  );
  for (const [name, property] of Object.entries(properties)) problems.push(...checkDrawn(name, property, schema));
  for (const ui of uiHints(schema)) {
    const parsed = fieldUiSchema.safeParse(ui);
    if (!parsed.success) problems.push(`UI hints are not as declared: ${z.prettifyError(parsed.error)}`);
  }
  return problems;
}

const fieldsElsewhere = ['anyOf', 'oneOf', 'allOf', '$ref', 'additionalProperties', 'patternProperties'];

/** Whether a schema names all its fields itself: what a union, an intersection or a record holds beside, the form does not show. */
function isOneObject(schema: Readonly<Record<string, unknown>>): boolean {
  const elsewhere = fieldsElsewhere.some((name) => Object.hasOwn(schema, name) && schema[name] !== false);
  return schema.type === 'object' && Object.hasOwn(schema, 'properties') && !elsewhere;
}

const drawing: ReadonlyMap<string, { readonly draws: readonly string[] }> = new Map(Object.entries(controls));

/** Whether a control of the editor can draw a field. */
function checkDrawn(name: string, property: unknown, root: unknown): string[] {
  const shape = fieldShape(property, root);
  const hints = z.looseObject({ ui: z.looseObject({ control: z.string().optional() }).optional() }).safeParse(property);
  const asked = hints.data?.ui?.control ?? controlForShape(shape);
  const able = [...drawing].filter(([, { draws }]) => draws.includes(shape)).map(([control]) => control);
  const hint = able.length === 0 ? 'No control draws that yet.' : `These can: ${able.join(', ')}.`;
  if (asked === null) return [`The field ${name} is a ${shape}, and its hints name no control. ${hint}`];
  if (!drawing.has(asked)) return [`The field ${name} asks for the control ${asked}, which does not exist. ${hint}`];
  return able.includes(asked)
    ? []
    : [`The field ${name} is a ${shape}, which the control ${asked} cannot draw. ${hint}`];
}

function checkCases(node: AnyNode, cases: readonly NodeCase[] | null): string[] {
  if (cases === null || cases.length === 0) return ['There is no table of cases.'];
  const problems: string[] = [];
  if (!cases.some(isFailingCase)) problems.push('No case shows a refusal or a failure.');
  const decided = cases.filter(({ expect }) => 'decision' in expect);
  if (decided.length === 0) problems.push('No case shows a decision.');
  for (const { name, config } of decided) {
    const bound = node.bind(config);
    if (bound.summary().trim() === '') problems.push(`There is no summary for the case “${name}”.`);
    if (bound.outlets().length === 0 && node.group !== 'end')
      problems.push(`There are no outlets for the case “${name}”.`);
    if (bound.outlets().some((outlet) => outlet.label.trim() === ''))
      problems.push(`An outlet has no label in “${name}”.`);
    if ((node.group === 'trigger') !== (bound.trigger() !== null))
      problems.push('Triggers, and only they, say how people enter.');
    const ids = new Set(bound.outlets().map(({ id }) => id));
    const lost = (node.pausingOutlets ?? []).filter((id) => !ids.has(id));
    if (lost.length > 0) problems.push(`Pausing outlets do not exist: ${lost.join(', ')}.`);
  }
  return problems;
}

/** Codes that the cases bring out without a text of the node's or a general one, texts with gaps, and texts that no case brings out. */
async function checkCodes(node: AnyNode, cases: readonly NodeCase[]): Promise<string[]> {
  const problems: string[] = [];
  const given = new Set<string>();
  const found = new Set<string>();
  for (const each of cases.filter(({ config }) => node.config.safeParse(config).success)) {
    for (const { code } of node.bind(each.config).check()) found.add(code);
    const reason = await ownReason(node, each);
    if (reason === null) continue;
    given.add(reason.code);
    const text = describeReasonOf(reason, [node]);
    if (text === null) problems.push(`The reason ${reason.code} of “${each.name}” has no text.`);
    else if (/\{\w+\}|undefined|null/.test(text)) problems.push(`The reason of “${each.name}” has gaps: ${text}`);
  }
  const { reasons = {}, problems: texts = {} } = node;
  for (const code of found)
    if (!Object.hasOwn(texts, code) && !isGeneral(code)) problems.push(`The problem ${code} has no text.`);
  for (const code of Object.keys(reasons))
    if (!given.has(code)) problems.push(`No case gives the reason ${code}, which has a text.`);
  for (const code of Object.keys(texts))
    if (!found.has(code)) problems.push(`No case has the problem ${code}, which has a text.`);
  return problems;
}

/** The reason of a case's decision; null for none, and for the gate's. */
async function ownReason(node: AnyNode, nodeCase: NodeCase): Promise<Reason | null> {
  if (!('decision' in nodeCase.expect)) return null;
  const { decision } = await runCase(node, nodeCase);
  const reason = 'reason' in decision ? (decision.reason ?? null) : null;
  return reason?.code === nodeCase.state?.refuse?.code ? null : reason;
}

/** Writes that the node does not say it makes: a step call locks, and runs ahead, by what it says. */
async function checkEffect(node: AnyNode, cases: readonly NodeCase[]): Promise<string[]> {
  const problems: string[] = [];
  for (const each of cases.filter(({ expect }) => 'decision' in expect)) {
    const { writes } = await runCase(node, each);
    if (writes.messages.length > 0 && node.effect !== 'message')
      problems.push(`“${each.name}” queues a message, and the effect is ${node.effect}.`);
    if (writes.consent.length + writes.profile.length > 0 && node.effect !== 'contact')
      problems.push(`“${each.name}” writes to the contact, and the effect is ${node.effect}.`);
    if (writes.tests.length > 0 && node.effect !== 'test')
      problems.push(`“${each.name}” stores what people are given in a test, and the effect is ${node.effect}.`);
  }
  return problems;
}

/** Every `ui` value anywhere in a schema. */
function uiHints(schema: unknown): unknown[] {
  if (Array.isArray(schema)) return schema.flatMap(uiHints);
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => (key === 'ui' ? [value] : uiHints(value)));
}
