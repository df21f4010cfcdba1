import type { Scalar } from '@signalbox/nodes/define/contact-fields';

/** Attributes of one contact, in sum. The database holds to them as well, whoever writes (migration 0011). */
export const mostAttributes = 100;
export const mostAttributeBytes = 32 * 1_024;

/** True for attributes that one contact may have, measured as the database does: as jsonb writes them. */
export function attributesFit(attributes: Readonly<Record<string, Scalar>>): boolean {
  const keys = Object.keys(attributes).length;
  if (keys > mostAttributes) return false;
  return Buffer.byteLength(JSON.stringify(attributes)) + Math.max(0, 2 * keys - 1) <= mostAttributeBytes;
}
