import { z } from 'zod';
import { canonicalLanguage } from '../text/language-tag.ts';
import { isTimeZone } from '../time/zoned-time.ts';

/** A JSON scalar, as held in a contact's own attributes. */
export type Scalar = string | number | boolean | null;

/** What an attribute of a contact holds: a scalar, or the items of a list. */
export type AttributeValue = Scalar | readonly string[];

/** How a field's values are read by conditions. */
export type ContactFieldType = 'text' | 'number' | 'date';

/** How a field is written by people: in forms, over the API, in files and by steps that set details. */
export type WrittenField = {
  /** What a request may say, beside null for nothing. */
  readonly schema: z.ZodType<string>;
  /** The control of the profile's form. */
  readonly input: 'text' | 'email' | 'time_zone';
  /** Characters at most. */
  readonly longest: number;
  /** Whether a value may be stored, whatever its length. */
  readonly accepts: (value: string) => boolean;
  /** The problem with a value that may not. */
  readonly problem: 'value_too_long' | 'email_invalid' | 'time_zone_invalid' | 'language_invalid';
  /** What other programs call the column of a file, best first. */
  readonly columns: readonly string[];
};

/** What a field of an answer holds that is about a person: their number, name or address, or words that they wrote or were written. */
export type PersonalKind = 'phone' | 'name' | 'email' | 'text';

type Told = {
  /** What people call it. */
  readonly label: string;
  readonly type: ContactFieldType;
  /** As the API answers with it. */
  readonly shown: z.ZodType;
  /** What it tells about a person, where it does; answers mark it. */
  readonly personal: PersonalKind | null;
  /** What the message form offers to insert; null where it does not offer the field. */
  readonly insert: { readonly label: string; readonly text: string } | null;
  /** A value to show a message with. */
  readonly sample: string | number | Date;
  /** The longest value to reckon with; null where the sample is one. */
  readonly longest: string | number | null;
};

/** A field with a column of its own. */
export type StoredField = Told & {
  /** True where no contact is without it. */
  readonly always: boolean;
  /** Null where people do not write it: what makes a contact, and what steps work out. */
  readonly written: WrittenField | null;
};

/** A field that follows from what is stored. */
export type DerivedField = Told & { readonly read: (contact: StoredContact) => Scalar | Date };

const nullableText = z.string().nullable();

/** What first and last names have in common. */
const nameField = {
  type: 'text',
  always: false,
  shown: nullableText,
  personal: 'name',
  longest: 'W'.repeat(30),
} as const;
const writtenName = {
  schema: z.string().trim().max(80),
  input: 'text',
  longest: 80,
  accepts: () => true,
  problem: 'value_too_long',
} as const;

/**
 * What is known of every contact, beside the attributes that a workspace makes up: a column each, in the order in which forms and
 * answers show them. Conditions, templates, files, forms, the API and what steps read and write follow from this list. A new entry
 * needs the column in a migration, and nothing else.
 */
export const storedContactFields = {
  first_name: {
    ...nameField,
    label: 'First name',
    insert: { label: 'First name, or “there”', text: "{{ contact.first_name | default: 'there' }}" },
    sample: 'Sam',
    written: { ...writtenName, columns: ['firstname', 'first', 'given_name', 'forename', 'fname'] },
  },
  last_name: {
    ...nameField,
    label: 'Last name',
    insert: { label: 'Last name', text: '{{ contact.last_name }}' },
    sample: 'Sample',
    written: { ...writtenName, columns: ['lastname', 'last', 'family_name', 'surname', 'lname'] },
  },
  email: {
    label: 'Email',
    type: 'text',
    always: false,
    shown: nullableText,
    personal: 'email',
    insert: { label: 'Email', text: '{{ contact.email }}' },
    sample: 'sam@example.com',
    longest: 'W'.repeat(50),
    written: {
      schema: z.email().max(200),
      input: 'email',
      longest: 200,
      accepts: (value) => z.email().safeParse(value).success,
      problem: 'email_invalid',
      columns: ['e_mail', 'email_address', 'e_mail_address', 'mail', 'e_mail_1_value'],
    },
  },
  external_id: {
    label: 'External id',
    type: 'text',
    always: false,
    shown: nullableText,
    personal: null,
    insert: null,
    sample: 'customer-1042',
    longest: null,
    written: {
      schema: z.string().trim().max(200),
      input: 'text',
      longest: 200,
      accepts: () => true,
      problem: 'value_too_long',
      columns: ['externalid'],
    },
  },
  phone: {
    label: 'Phone number',
    type: 'text',
    always: true,
    shown: z.string(),
    personal: 'phone',
    insert: { label: 'Phone number', text: '{{ contact.phone }}' },
    sample: '+12025550123',
    longest: '+123456789012345',
    written: null,
  },
  time_zone: {
    label: 'Time zone',
    type: 'text',
    always: false,
    shown: nullableText,
    personal: null,
    insert: null,
    sample: 'America/New_York',
    longest: null,
    written: {
      schema: z.string().max(64),
      input: 'time_zone',
      longest: 64,
      accepts: isTimeZone,
      problem: 'time_zone_invalid',
      columns: ['timezone', 'tz'],
    },
  },
  language: {
    label: 'Language',
    type: 'text',
    always: false,
    shown: nullableText,
    personal: null,
    insert: null,
    sample: 'en',
    longest: null,
    written: {
      schema: z.string().trim().max(35),
      input: 'text',
      longest: 35,
      accepts: (value) => canonicalLanguage(value) !== null,
      problem: 'language_invalid',
      columns: ['lang', 'locale', 'preferred_language', 'language_code'],
    },
  },
  created_at: {
    label: 'Added',
    type: 'date',
    always: true,
    shown: z.iso.datetime(),
    personal: null,
    insert: null,
    sample: new Date('2026-01-15T15:00:00Z'),
    longest: null,
    written: null,
  },
  engagement_score: {
    label: 'Engagement score',
    type: 'number',
    always: false,
    shown: z.number().nullable(),
    personal: null,
    insert: { label: 'Engagement score', text: '{{ contact.engagement_score }}' },
    sample: 12.5,
    longest: 123_456.78,
    written: null,
  },
} as const satisfies Readonly<Record<string, StoredField>>;

type Stored = typeof storedContactFields;

/** What follows from what is stored: worked out whenever it is asked for, in all the same places. */
export const derivedContactFields = {} as const satisfies Readonly<Record<string, DerivedField>>;

/** All of them, by name. */
export const contactFields = { ...storedContactFields, ...derivedContactFields };

export type StoredFieldName = keyof Stored;
export type ContactFieldName = keyof typeof contactFields;

type ValueOf<Field> =
  | (Field extends { readonly type: 'number' } ? number : Field extends { readonly type: 'date' } ? Date : string)
  | (Field extends { readonly always: true } ? never : null);

/** What is stored of a contact under the names of the list. */
export type StoredContact = { readonly [Name in StoredFieldName]: ValueOf<Stored[Name]> };

/** The names of the fields that people write. */
export type WrittenFieldName = {
  [Name in StoredFieldName]: Stored[Name]['written'] extends null ? never : Name;
}[StoredFieldName];

/** The names of the columns, in the list's order. */
export const storedFieldNames: readonly StoredFieldName[] = namesOf(storedContactFields);

/** The names of the fields that a step or a person may set, in the list's order. */
export const writtenFieldNames: readonly WrittenFieldName[] = namesOf(storedContactFields).filter(isWritten);

/** How people write a field. */
export function writtenField(name: WrittenFieldName): WrittenField {
  return storedContactFields[name].written;
}

/** Whether a name is that of a field people write. */
export function isWritten(name: string): name is WrittenFieldName {
  return isStored(name) && storedContactFields[name].written !== null;
}

/** Whether a name is that of a field that every workspace has. */
export function isContactFieldName(name: string): boolean {
  return Object.hasOwn(contactFields, name);
}

/** Whether a name is that of a column. */
export function isStored(name: string): name is StoredFieldName {
  return Object.hasOwn(storedContactFields, name);
}

const derived = new Map<string, DerivedField>(Object.entries<DerivedField>(derivedContactFields));

/** The schemas of answers, by field; `mark` says in the API's way what is personal. */
export const shownShape = (
  mark: <Schema extends z.ZodType>(kind: PersonalKind, schema: Schema) => Schema,
): { readonly [Name in ContactFieldName]: (typeof contactFields)[Name]['shown'] } => shapeOf(contactFields, mark);

type WrittenSchema = z.ZodOptional<z.ZodNullable<z.ZodType<string>>>;

/** The schemas of requests, by field: left out, null for nothing, or a value. */
export const writtenShape: Readonly<Record<WrittenFieldName, WrittenSchema>> = byWrittenField((name) =>
  writtenField(name).schema.nullable().optional(),
);

/** What `value` gives for each field that people write, by the field's name. */
export function byWrittenField<Value>(value: (name: WrittenFieldName) => Value): Record<WrittenFieldName, Value> {
  const values: Partial<Record<WrittenFieldName, Value>> = {};
  for (const name of writtenFieldNames) values[name] = value(name);
  const isWhole = (partial: typeof values): partial is Record<WrittenFieldName, Value> =>
    writtenFieldNames.every((name) => Object.hasOwn(partial, name));
  if (!isWhole(values)) throw new TypeError('a field without a value');
  return values;
}

/** The value of a field by its name; undefined where there is no such field. Null where it is not known. */
export function readContactField(contact: StoredContact, name: string): Scalar | Date | undefined {
  return isStored(name) ? contact[name] : derived.get(name)?.read(contact);
}

/** The list's names and what is told of each, for whoever shows them. */
export const contactFieldList: ReadonlyArray<Told & { readonly name: string }> = Object.entries<Told>(
  contactFields,
).map(([name, field]) => ({ name, ...field }));

/** A contact whose every stored field is what `value` gives for it. */
export function contactOf(value: (field: StoredField, name: StoredFieldName) => Scalar | Date): StoredContact {
  const contact: Partial<Record<StoredFieldName, Scalar | Date>> = {};
  for (const name of storedFieldNames) contact[name] = value(storedContactFields[name], name);
  if (!isStoredContact(contact)) throw new TypeError('a value that does not fit its field');
  return contact;
}

function isStoredContact(values: Partial<Record<StoredFieldName, Scalar | Date>>): values is StoredContact {
  return storedFieldNames.every((name) => {
    const { type, always } = storedContactFields[name];
    const value = values[name];
    if (value === null) return !always;
    return type === 'date' ? value instanceof Date : typeof value === (type === 'number' ? 'number' : 'string');
  });
}

function shapeOf<Fields extends Readonly<Record<string, Told>>>(
  fields: Fields,
  mark: <Schema extends z.ZodType>(kind: PersonalKind, schema: Schema) => Schema,
): { readonly [Name in keyof Fields]: Fields[Name]['shown'] } {
  const shape: { [Name in keyof Fields]?: Fields[Name]['shown'] } = {};
  for (const name in fields) {
    const field = fields[name];
    if (field === undefined) continue;
    shape[name] = field.personal === null ? field.shown : mark(field.personal, field.shown);
  }
  if (!isWhole(shape, fields)) throw new TypeError('a field without a schema');
  return shape;
}

function isWhole<Fields extends Readonly<Record<string, Told>>>(
  shape: { [Name in keyof Fields]?: Fields[Name]['shown'] },
  fields: Fields,
): shape is { [Name in keyof Fields]: Fields[Name]['shown'] } {
  return Object.keys(fields).every((name) => Object.hasOwn(shape, name));
}

function namesOf<Name extends string>(fields: Readonly<Record<Name, unknown>>): Name[] {
  const names: Name[] = [];
  for (const name in fields) names.push(name);
  return names;
}
