import { z } from 'zod';
import { refusalReasons } from './dialects/define-dialect.ts';
import type { Random } from './random.ts';

/** What goes wrong, for which messages, how often. */
export const faultSchema = z.strictObject({
  kind: z.enum([
    'accept_then_timeout',
    'accept_then_500',
    'accept_then_reset',
    'accept_then_drip',
    'accept_then_garbage',
    'drop',
    'hang',
    'refuse',
    'latency',
    'receipt_duplicate',
    'receipt_reorder',
    'receipt_before_response',
    'receipt_never',
    'receipt_late',
    'receipt_unknown',
    'receipt_status',
  ]),
  /** How likely it strikes a matching message; 1 when absent. */
  probability: z.number().min(0).max(1).default(1),
  /** How many times it may strike; without end when absent. */
  count: z.int().positive().optional(),
  /** Only messages to this number. */
  to: z.string().optional(),
  /** Only messages from this number. */
  from: z.string().optional(),
  /** For `refuse` (`throttled` when absent) and `receipt_status`: why, to be said in the words of whatever API was asked. */
  reason: z.enum(refusalReasons).optional(),
  /** For `refuse`: the API's own code and the HTTP status, in the place of those that the reason has. */
  code: z.union([z.int().positive(), z.string().min(1)]).optional(),
  status: z.int().min(400).max(599).optional(),
  /** For `refuse`: seconds in a Retry-After header. */
  retry_after: z.int().nonnegative().optional(),
  /**
   * For `latency`: how long the answer is held back; for `hang`, `accept_then_timeout` and `accept_then_drip`: how long before closing; for
   * `receipt_late`: how much later the end is reported.
   */
  ms: z.int().nonnegative().optional(),
  /** For `receipt_status`: how delivery ends, with the API's own error code. */
  outcome: z.enum(['delivered', 'undelivered', 'failed']).optional(),
  error_code: z.union([z.int().positive(), z.string().min(1)]).optional(),
});

export type Fault = z.output<typeof faultSchema>;
export type FaultInput = z.input<typeof faultSchema>;

export interface FaultRule extends Fault {
  readonly id: string;
  hits: number;
}

const receiptKinds: readonly Fault['kind'][] = [
  'receipt_duplicate',
  'receipt_reorder',
  'receipt_before_response',
  'receipt_never',
  'receipt_late',
  'receipt_unknown',
  'receipt_status',
];

/** What befalls one message: at most one fault of the request, any number of the receipts, the sum of latencies. */
export interface Struck {
  readonly request: FaultRule | undefined;
  readonly receipts: readonly FaultRule[];
  readonly latencyMs: number;
}

const nothing: Struck = { request: undefined, receipts: [], latencyMs: 0 };

/** The faults in force, asked once for every send. */
export class FaultBook {
  #rules: FaultRule[] = [];
  #made = 0;
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  add(fault: FaultInput): FaultRule {
    this.#made += 1;
    const rule = { ...faultSchema.parse(fault), id: `fault_${this.#made}`, hits: 0 };
    this.#rules.push(rule);
    return rule;
  }

  list(): readonly FaultRule[] {
    return this.#rules;
  }

  clear(id?: string): boolean {
    const before = this.#rules.length;
    this.#rules = id === undefined ? [] : this.#rules.filter((rule) => rule.id !== id);
    return this.#rules.length < before;
  }

  strike(message: { readonly to: string; readonly from: string }): Struck {
    if (this.#rules.length === 0) return nothing;
    let request: FaultRule | undefined;
    const receipts: FaultRule[] = [];
    let latencyMs = 0;
    for (const rule of this.#rules) {
      if (rule.count !== undefined && rule.hits >= rule.count) continue;
      if (rule.to !== undefined && rule.to !== message.to) continue;
      if (rule.from !== undefined && rule.from !== message.from) continue;
      const ofReceipts = receiptKinds.includes(rule.kind);
      if (!ofReceipts && rule.kind !== 'latency' && request !== undefined) continue;
      if (rule.probability < 1 && this.#random() >= rule.probability) continue;
      rule.hits += 1;
      if (ofReceipts) receipts.push(rule);
      else if (rule.kind === 'latency') latencyMs += rule.ms ?? 1_000;
      else request = rule;
    }
    return { request, receipts, latencyMs };
  }
}
