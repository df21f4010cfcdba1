import type { AttributeValue } from '@signalbox/nodes/define/contact-fields';
import { type CustomField, type CustomFieldType, readCustomValue } from '@signalbox/nodes/define/custom-fields';
import { formatMessage } from '@signalbox/nodes/text/format-message';
import { sql } from 'kysely';
import type { Scope } from '../db/work.ts';
import { fieldProblem } from '../http/problems.ts';
import { fieldTexts } from '../http/texts.ts';

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

/** Attributes as their fields store them; those without a field are any scalar. */
export async function typedAttributes<
  Fields extends { readonly attributes?: Readonly<Record<string, AttributeValue>> | undefined },
>(scope: Scope, fields: Fields): Promise<Fields> {
  const given = Object.entries(fields.attributes ?? {});
  if (given.length === 0) return fields;
  const known = new Map((await listFields(scope)).map((field) => [field.key, field]));
  const attributes: Record<string, AttributeValue> = {};
  for (const [key, written] of given) {
    const field = known.get(key);
    const path = ['attributes', key];
    if (field === undefined) {
      if (written !== null && typeof written === 'object')
        throw fieldProblem(path, 'attribute_list_unknown', fieldTexts.attribute_list_unknown);
      attributes[key] = written;
      continue;
    }
    const read = readCustomValue(field, written);
    if (!read.ok) throw fieldProblem(path, read.code, formatMessage(fieldTexts[read.code], read.values));
    attributes[key] = read.value;
  }
  return { ...fields, attributes };
}
