import { sqlState } from '../db/database.ts';

/** True where the database refused a contact because another one has its external id. */
export function isExternalIdTaken(error: unknown): boolean {
  if (sqlState(error) !== '23505' || typeof error !== 'object' || error === null) return false;
  return 'constraint' in error && error.constraint === 'contacts_external_id';
}

/** True where the database refused a contact because its attributes became too many or too large. */
export function isAttributesLimit(error: unknown): boolean {
  if (sqlState(error) !== '23514' || typeof error !== 'object' || error === null) return false;
  return 'constraint' in error && error.constraint === 'contacts_attributes_limit';
}
