import { z } from '@hono/zod-openapi';
import { rules } from '@signalbox/nodes/gate/catalogue.gen';
import { time } from '../http/contract.ts';

const settingsSchema = z.record(z.string().max(60), z.unknown());
/** The rules with something to set, by name. */
const names = rules.filter(({ settings }) => settings !== null).map(({ name }) => name);

export const gateRuleSchema = z
  .object({
    /** The rule’s name. */
    id: z.string().openapi({ example: 'quiet-hours' }),
    title: z.string(),
    /** What it sees to. */
    says: z.string(),
    /** JSON Schema of its settings, with hints for a form under `ui`; null where there is nothing to set. */
    settings_schema: z.record(z.string(), z.unknown()).nullable(),
    /** As they hold now, with what holds by default. */
    settings: settingsSchema,
    /** When somebody last set it; null where everything is as it is by default. */
    updated_at: time.nullable(),
    /** Another one after every change; the ETag is `"<revision>"`. */
    revision: z.string(),
  })
  .openapi('GateRule');
export type GateRuleDocument = z.infer<typeof gateRuleSchema>;

export const gateRuleListSchema = z
  .object({ data: z.array(gateRuleSchema), next_cursor: z.null() })
  .openapi('GateRuleList');

export const ruleNameSchema = z.enum(names).openapi({ example: 'frequency-caps' });

export const setGateRuleSchema = z
  .strictObject({
    /** All of them: what is left out is as it is by default. */
    settings: settingsSchema,
  })
  .openapi('SetGateRule', { example: { settings: { caps: [{ messages: 4, hours: 168 }], over: 'hold' } } });
