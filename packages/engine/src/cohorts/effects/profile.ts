import { type AttributeValue, storedContactFields, storedFieldNames } from '@signalbox/nodes/define/contact-fields';
import { attributeKey, typedText } from '@signalbox/nodes/define/custom-fields';
import type { Ports } from '@signalbox/nodes/define/ports';
import { sql } from 'kysely';
import { listFields } from '../../contacts/fields.ts';
import type { Work } from '../../db/work.ts';
import { createBatchLoader } from '../../runtime/batch-loader.ts';
import { defineEffect } from './define-effect.ts';

type Patch = { readonly contactId: string; readonly fields: Map<string, AttributeValue> };

/** Sets fields and attributes of contacts. Their rows must be locked. */
export const profile = defineEffect<Ports['profile']>(({ tx, workspaceId, now }) => {
  const collected = new Map<string, Patch>();
  const values = createBatchLoader(async (texts: ReadonlyArray<{ readonly key: string; readonly text: string }>) => {
    const fields = new Map((await listFields({ tx, workspaceId })).map((field) => [field.key, field]));
    return texts.map(({ key, text }) => typedText(fields.get(key), text));
  });
  return {
    bind: (row) => ({
      set: (field, value) => {
        const patch = collected.get(row.id) ?? { contactId: row.contact.id, fields: new Map<string, AttributeValue>() };
        patch.fields.set(field, value);
        collected.set(row.id, patch);
      },
      typed: (field, text) => values.load({ key: attributeKey(field), text }),
    }),
    reads: [values],
    write: (enrollments) =>
      writePatches(
        { tx, workspaceId, now },
        [...collected].filter(([id]) => enrollments.has(id)).map(([, patch]) => patch),
      ),
    discard: (enrollmentId) => {
      collected.delete(enrollmentId);
    },
  };
});

/** The columns that a step may set: all but those that make a contact. */
const settable = storedFieldNames.filter((name) => !storedContactFields[name].always);
/** Each column takes what a patch has for it and otherwise stays. */
const assignments = sql.join(
  settable.map((name) => {
    const given = sql`x.p->>${sql.lit(name)}`;
    const value = storedContactFields[name].type === 'number' ? sql`(${given})::float8` : given;
    return sql`${sql.ref(name)} = CASE WHEN x.p ? ${sql.lit(name)} THEN ${value} ELSE ${sql.ref(`c.${name}`)} END`;
  }),
);
const isSettable = (name: string): boolean => settable.some((known) => known === name);

async function writePatches({ tx, workspaceId, now }: Work, collected: readonly Patch[]): Promise<void> {
  if (collected.length === 0) return;
  const patches = collected.map(({ contactId, fields }) => ({ id: contactId, patch: JSON.stringify(toPatch(fields)) }));
  await sql`
    UPDATE contacts c SET
      ${assignments},
      attributes = CASE WHEN x.p ? 'attributes' THEN jsonb_strip_nulls(c.attributes || (x.p->'attributes')) ELSE c.attributes END,
      revision = c.revision + 1, updated_at = ${now}
    FROM (
      SELECT id, patch::jsonb AS p FROM unnest(${patches.map((entry) => entry.id)}::uuid[], ${patches.map((entry) => entry.patch)}::text[]) AS u(id, patch)
    ) AS x
    WHERE c.workspace_id = ${workspaceId} AND c.id = x.id`.execute(tx);
}

function toPatch(fields: ReadonlyMap<string, AttributeValue>): Record<string, unknown> {
  const patch: Record<string, unknown> = {};
  const attributes: Record<string, AttributeValue> = {};
  for (const [field, value] of fields) {
    if (isSettable(field)) patch[field] = value;
    else attributes[attributeKey(field)] = value;
  }
  return Object.keys(attributes).length === 0 ? patch : { ...patch, attributes };
}
