import type { Work } from '@signalbox/engine/db/work';

/** At any hour: tests run at any. */
export const anyHour = { 'quiet-hours': { law: false } };
/** And wherever somebody lives. */
export const anywhere = { ...anyHour, countries: { every: true } };

/** Sets rules of the gate, by name. */
export async function setRules({ tx, workspaceId, now }: Work, rules: Readonly<Record<string, object>>): Promise<void> {
  await tx
    .insertInto('gate_rules')
    .values(
      Object.entries(rules).map(([rule, settings]) => ({
        workspace_id: workspaceId,
        rule,
        settings: JSON.stringify(settings),
        updated_at: now,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['workspace_id', 'rule']).doUpdateSet((set) => ({ settings: set.ref('excluded.settings') })),
    )
    .execute();
}
