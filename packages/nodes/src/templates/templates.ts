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
import { zoneKey } from './template-date.ts';
import { compile, liquid, toTemplateError } from './template-engine.ts';
import { TemplateError } from './template-error.ts';
import { measuredNumber } from './template-numbers.ts';

/** What a template is filled with. */
export type TemplateData = {
  readonly contact: Omit<ContactView, 'id'>;
  /** The event that last moved the person. Its text is `reply.text`, its payload `event.data`. */
  readonly event: Pick<EventView, 'type' | 'text' | 'data'> | null;
  readonly now: Date;
  /** The person's codes, by pool; null where a pool has none left. */
  readonly codes?: Readonly<Record<string, string | null>>;
  /** Where the person's times are shown: their zone, or the workspace's where they have none. By default theirs or UTC. */
  readonly zone?: string;
  /** Set where a message is only measured: what a calculation without a result comes to, instead of failing. */
  readonly measuredNumber?: number;
  /** What is said in the place of variables without a value, by their paths. */
  readonly said?: Readonly<Record<string, string>>;
};

/**
 * Fills in a template. Unknown variables are empty; only own properties of plain data can be read; times are shown in
 * the person's zone. `'now'` is `data.now`. `a or b` is the first of the two that has a value.
 *
 * @throws TemplateError where the source cannot be read, takes too much time or space, or a calculation in it has no result.
 */
export function renderTemplate(source: string, data: TemplateData): string {
  const template = compile(source);
  try {
    const scope = toScope(data);
    if (data.said !== undefined) sayInstead(scope, data.said);
    return String(liquid.renderSync(template, scope));
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

/** What a message is filled with beside these, by names that people choose. */
const namedVariables = /^(?:contact\.attributes|event\.data|codes)\.[^.]+$/;

/** True for a variable that a message can have a value for. */
export function isKnownVariable(path: string): boolean {
  return knownVariables.has(path) || namedVariables.test(path);
}

/** Copies the data into objects without a prototype: what is not put here does not exist for a template. */
function toScope({ contact, event, now, codes, zone, measuredNumber: measured }: TemplateData): object {
  const shownZone = zone ?? zoneOrUtc(contact.time_zone);
  const scope = bare({
    contact: contactScope(contact, shownZone),
    reply: bare({ text: event?.text ?? null }),
    event: bare({ type: event?.type ?? null, data: bare(event?.data ?? {}) }),
    now: new ShownInstant(now, shownZone),
    codes: bare(codes ?? {}),
  });
  return Object.assign(scope, { [zoneKey]: shownZone }, measured === undefined ? {} : { [measuredNumber]: measured });
}

/** Puts texts in the places of values, whatever these are made of. */
function sayInstead(scope: object, said: Readonly<Record<string, string>>): void {
  for (const [path, value] of Object.entries(said)) {
    const names = path.split('.');
    const last = names.pop();
    let holder: unknown = scope;
    for (const name of names) holder = typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : null;
    if (typeof holder === 'object' && holder !== null && last !== undefined)
      Object.defineProperty(holder, last, { configurable: true, enumerable: true, value });
  }
}

const derivedNames = contactFieldList.map(({ name }) => name).filter((name) => !isStored(name));

/** What a template may read of a contact. What is stored is there; what follows from it is worked out when it is asked for. */
function contactScope(contact: TemplateData['contact'], zone: string): object {
  const shown = (value: Scalar | Date | undefined) =>
    value instanceof Date ? new ShownInstant(value, zone) : (value ?? null);
  const stored: Record<string, Scalar | object> = { attributes: bare(attributesScope(contact.attributes)) };
  for (const name of storedFieldNames) stored[name] = shown(contact[name]);
  const scope = bare(stored);
  for (const name of derivedNames)
    Object.defineProperty(scope, name, {
      configurable: true,
      enumerable: true,
      get: () => shown(readContactField(contact, name)),
    });
  return scope;
}

/** Attributes as a message shows them: a list as its items with commas. */
function attributesScope(attributes: TemplateData['contact']['attributes']): Record<string, Scalar> {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [
      key,
      value !== null && typeof value === 'object' ? value.join(', ') : value,
    ]),
  );
}

function bare(values: Readonly<Record<string, Scalar | Date | object>>): object {
  return Object.assign(Object.create(null), values);
}
