import type { AttributeValue } from '@signalbox/nodes/define/contact-fields';
import { type CustomField, type CustomFieldType, readCustomValue } from '@signalbox/nodes/define/custom-fields';
import { formatMessage, type MessageValues } from '@signalbox/nodes/text/format-message';
import { sql } from 'kysely';
import type { Scope } from '../db/work.ts';
import { ProblemError } from '../http/problems.ts';
import { type FieldCode, fieldTexts } from '../http/texts.ts';

/** Fields of a workspace at most, with those that are retired. */
export const mostFields = 200;

/** A field as it is stored. */
export type FieldRow = CustomField & {
  readonly id: string;
  readonly type: CustomFieldType;
  readonly position: number;
  readonly retired_at: Date | null;
  readonly revision: number;
  readonly created_at: Date;
  readonly updated_at: Date;
};

/** The fields that a workspace made up, in its order; retired ones too, as their values are still there. */
export async function listFields({ tx, workspaceId }: Scope): Promise<FieldRow[]> {
  const rows = await sql<FieldRow>`
    SELECT id, key, label, type, options, currency, position, retired_at, revision, created_at, updated_at
    FROM contact_fields WHERE workspace_id = ${workspaceId} ORDER BY position, id`.execute(tx);
  return rows.rows;
}

/** What is wrong with an attribute. */
export type AttributeProblem = { readonly key: string; readonly code: FieldCode; readonly message: string };

const unfit = (key: string, code: FieldCode, values: MessageValues = {}): AttributeProblem => ({
  key,
  code,
  message: formatMessage(fieldTexts[code], values),
});

/** Attributes as their fields store them, those without a field any scalar; and what does not fit. */
export function readAttributes(
  known: ReadonlyMap<string, CustomField>,
  given: Readonly<Record<string, AttributeValue>>,
): { readonly attributes: Record<string, AttributeValue>; readonly problems: readonly AttributeProblem[] } {
  const attributes: Record<string, AttributeValue> = {};
  const problems: AttributeProblem[] = [];
  for (const [key, written] of Object.entries(given)) {
    const field = known.get(key);
    if (field === undefined) {
      if (written !== null && typeof written === 'object') problems.push(unfit(key, 'attribute_list_unknown'));
      else attributes[key] = written;
      continue;
    }
    const read = readCustomValue(field, written);
    if (read.ok) attributes[key] = read.value;
    else problems.push(unfit(key, read.code, read.values));
  }
  return { attributes, problems };
}

/** The fields that the workspace made up, by key. */
export async function fieldsByKey(scope: Scope): Promise<ReadonlyMap<string, FieldRow>> {
  return new Map((await listFields(scope)).map((field) => [field.key, field]));
}

/**
 * Somebody's attributes as their fields store them.
 *
 * @throws ProblemError `validation_failed` at each that does not fit.
 */
export async function typedAttributes<
  Fields extends { readonly attributes?: Readonly<Record<string, AttributeValue>> | undefined },
>(scope: Scope, fields: Fields): Promise<Fields> {
  const given = fields.attributes ?? {};
  if (Object.keys(given).length === 0) return fields;
  const { attributes, problems } = readAttributes(await fieldsByKey(scope), given);
  if (problems.length > 0)
    throw new ProblemError('validation_failed', {
      errors: problems.map(({ key, code, message }) => ({ path: ['attributes', key], code, message })),
    });
  return { ...fields, attributes };
}
