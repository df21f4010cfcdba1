/** A reason for a decision: a stable code and the values compared, stored when the decision is made and never recomputed. */
export type Reason<Code extends string = string> = {
  readonly code: Code;
  readonly values?: ReasonValues;
};

/** The values that a reason was given for. */
export type ReasonValues = Readonly<Record<string, string | number | boolean | null>>;

/** What a reason says: a text in which `{name}` stands for one of its values, or what makes one of them. */
export type ReasonText = string | ((values: ReasonValues) => string);

/**
 * What a node decides for one contact. The engine switches on these kinds and never on node types.
 *
 * - `next`: leave at once by `outlet`.
 * - `sleep`: stay until `until`, then leave by `outlet`.
 * - `wait`: stay until `event` arrives for this contact or `until` passes; leaves by one of `outlets`. Exactly one of the two wins.
 * - `settle`: stay until the queued message `messageId` is accepted (`sent`) or finally refused (`notSent`).
 * - `end`: the enrollment is finished.
 * - `fail`: the enrollment failed; it never takes its cohort along.
 *
 * `Code` are the codes of the node's own reasons that it may give: a code that its definition has no text for does not compile.
 */
export type Decision<Code extends string = string> = DecisionOfKind & {
  /** For the types alone; nothing stands here. */
  readonly gives?: Code;
};

type DecisionOfKind =
  | { readonly kind: 'next'; readonly outlet: string; readonly reason?: Reason }
  | { readonly kind: 'sleep'; readonly until: Date; readonly outlet: string; readonly reason?: Reason }
  | {
      readonly kind: 'wait';
      readonly event: AwaitedEvent;
      readonly until: Date;
      readonly outlets: { readonly arrived: string; readonly timeout: string };
    }
  | {
      readonly kind: 'settle';
      readonly messageId: string;
      readonly outlets: { readonly sent: string; readonly notSent: string };
    }
  | { readonly kind: 'end'; readonly reason: Reason }
  | { readonly kind: 'fail'; readonly reason: Reason };

/** The name of a decision's kind. */
export type DecisionKind = Decision['kind'];

/** What a node can wait for: a text from the person, a named event from the API, or the decision of a test, by its id. */
export type AwaitedEvent = 'message.received' | `custom.${string}` | `test.decided.${string}`;

/** Leave by `outlet` at once. */
export function next<const Code extends string = never>(outlet: string, reason?: Reason<Code>): Decision<Code> {
  return reason === undefined ? { kind: 'next', outlet } : { kind: 'next', outlet, reason };
}

/** Leave by `outlet` because the gate refused a message: the reason and its text are those of the gate's rule. */
export function refusedBy(outlet: string, { refused }: { readonly refused: Reason }): Decision<never> {
  return { kind: 'next', outlet, reason: refused };
}

/** Stay until `until` (an instant), then leave by `outlet`. */
export function sleepUntil<const Code extends string = never>(
  until: Date,
  outlet: string,
  reason?: Reason<Code>,
): Decision<Code> {
  return reason === undefined ? { kind: 'sleep', until, outlet } : { kind: 'sleep', until, outlet, reason };
}

/** Stay until `event` arrives or `until` passes, whichever commits first. */
export function waitFor(
  event: AwaitedEvent,
  until: Date,
  outlets: { readonly arrived: string; readonly timeout: string },
): Decision<never> {
  return { kind: 'wait', event, until, outlets };
}

/** Stay until the queued message settles. */
export function untilSettled(
  messageId: string,
  outlets: { readonly sent: string; readonly notSent: string },
): Decision<never> {
  return { kind: 'settle', messageId, outlets };
}

/** Finish the enrollment. */
export function end<const Code extends string>(reason: Reason<Code>): Decision<Code> {
  return { kind: 'end', reason };
}

/** Fail this enrollment with a reason that a person can act on. */
export function fail<const Code extends string>(reason: Reason<Code>): Decision<Code> {
  return { kind: 'fail', reason };
}
