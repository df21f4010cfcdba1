import pg from 'pg';
import { sqlState } from './database.ts';

/** A role of the runtime is not what it has to be, and this owner may not change that. */
export class RoleError extends Error {
  override readonly name = 'RoleError';
}

/**
 * Makes a runtime role, or gives the one that is there its password. An owner without superuser's rights may do both to roles that it
 * made itself; one that somebody else made is left as it is.
 *
 * @throws RoleError where a role that is there goes around row-level security.
 */
export async function ensureRole(client: pg.Client, role: string, password: string): Promise<void> {
  const { rows } = await client.query<{ rolsuper: boolean; rolbypassrls: boolean }>(
    'SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = $1',
    [role],
  );
  const [found] = rows;
  const secret = pg.escapeLiteral(password);
  if (found === undefined) {
    await client.query(`CREATE ROLE ${role} LOGIN PASSWORD ${secret}`);
    await client.query(`ALTER ROLE ${role} SET jit = off`);
    return;
  }
  if (found.rolsuper || found.rolbypassrls)
    throw new RoleError(`The role ${role} goes around row-level security. Take SUPERUSER and BYPASSRLS from it.`);
  try {
    await client.query(`ALTER ROLE ${role} LOGIN PASSWORD ${secret}`);
    await client.query(`ALTER ROLE ${role} SET jit = off`);
  } catch (error) {
    // Somebody else made it, and gave it its password.
    if (sqlState(error) !== '42501') throw error;
  }
}

/**
 * Lets the owner see every workspace, for backups, and change every row while it migrates: row-level security is forced, so an owner
 * without superuser's rights would otherwise dump and migrate nothing, without an error. Nobody else gets these policies.
 */
export async function ensureOwnerPolicies(client: pg.Client): Promise<void> {
  await client.query(`
    DO $$
    DECLARE
      owner text;
      t regclass;
    BEGIN
      -- The owner of the database by its place, not by name: a backup restored elsewhere has another.
      SELECT CASE WHEN pg_get_userbyid(datdba) = current_user THEN 'pg_database_owner' ELSE quote_ident(current_user) END
        INTO owner FROM pg_database WHERE datname = current_database();
      FOR t IN
        SELECT c.oid::regclass FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relrowsecurity
          AND pg_has_role(current_user, c.relowner, 'USAGE')
          AND NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'owner_migrates')
      LOOP
        EXECUTE format('CREATE POLICY owner_reads ON %s FOR SELECT TO %s USING (true)', t, owner);
        EXECUTE format('CREATE POLICY owner_migrates ON %s TO %s USING (current_setting(''app.migrating'', true) = ''on'')', t, owner);
      END LOOP;
    END $$`);
}
