import type { AttributeValue } from '@signalbox/nodes/define/contact-fields';

/** Attributes of one contact, in sum. The database holds to them as well, whoever writes (migration 0011). */
export const mostAttributes = 100;
export const mostAttributeBytes = 32 * 1_024;

/** True for attributes that one contact may have, measured as the database does: as jsonb writes them. */
export function attributesFit(attributes: Readonly<Record<string, AttributeValue>>): boolean {
  const keys = Object.keys(attributes).length;
  if (keys > mostAttributes) return false;
  // A blank behind every colon and every comma.
  const betweenItems = Object.values(attributes).reduce<number>(
    (sum, value) => sum + (value !== null && typeof value === 'object' ? Math.max(0, value.length - 1) : 0),
    0,
  );
  return Buffer.byteLength(JSON.stringify(attributes)) + Math.max(0, 2 * keys - 1) + betweenItems <= mostAttributeBytes;
}
