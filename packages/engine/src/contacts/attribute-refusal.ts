import { sqlState } from '../db/database.ts';

/** True where the database refused a contact because its attributes became too many or too large. */
export function isAttributesLimit(error: unknown): boolean {
  if (sqlState(error) !== '23514' || typeof error !== 'object' || error === null) return false;
  return 'constraint' in error && error.constraint === 'contacts_attributes_limit';
}
