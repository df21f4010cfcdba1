import { z } from 'zod';

/** What a test measures of its people, within a time after they were given an arm. */
export const testMetrics = ['click', 'reply', 'conversion', 'revenue'] as const;
export type TestMetric = (typeof testMetrics)[number];

/**
 * How it was decided what somebody is given. `draw`: by the weights, in the test; only these are measured. `winner`, `control`: after the decision.
 * `deadline`: by the weights, without being measured, as the test was over or the decision did not come in time.
 */
export const assignedBy = ['draw', 'winner', 'control', 'deadline'] as const;
export type AssignedBy = (typeof assignedBy)[number];

/** The outlet of those who are in no arm. */
export const holdoutId = 'holdout';

const armSchema = z.object({
  /** The outlet's id: stable when the label changes. */
  id: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,31}$/, { error: 'Small letters, digits and underscores, beginning with a letter' })
    .refine((id) => id !== holdoutId, { error: 'This id is that of people who are held out' }),
  label: z.string().trim().min(1).max(40),
  /** Its share is the part that this is of all weights together. */
  weight: z.int().min(0).max(1_000_000),
});
export type Arm = z.output<typeof armSchema>;

/** From two to eight arms, the first of which is the control. */
export const armsSchema = z
  .array(armSchema)
  .min(2)
  .max(8)
  .superRefine((arms, context) => {
    arms.forEach(({ id, label }, index) => {
      const before = arms.slice(0, index);
      if (before.some((arm) => arm.id === id))
        context.addIssue({ code: 'custom', message: 'Two arms have this id', path: [index, 'id'] });
      if (before.some((arm) => arm.label === label))
        context.addIssue({ code: 'custom', message: 'Two arms have this name', path: [index, 'label'] });
    });
    const [control, ...others] = arms;
    if (control?.weight === 0)
      context.addIssue({
        code: 'custom',
        message: 'The first arm is what the others are compared with, and gets nobody',
        path: [0, 'weight'],
      });
    if (others.every(({ weight }) => weight === 0))
      context.addIssue({ code: 'custom', message: 'Nobody is given anything but the first arm', path: [1, 'weight'] });
  });

/** How a test stands when somebody comes to it. */
export type TestStanding = {
  /** Which test it is: what those who wait for its decision wait for. */
  readonly id: string;
  /** What the person was given at this step before; null for whoever is new to it. */
  readonly given: string | null;
  /** Set once it is over, with what everybody is given from then on; null where nothing has won. */
  readonly over: { readonly winner: string | null } | null;
};

/** What somebody is given, and the chance that it had to be this among those for whom it is decided in the same way. */
export type TestAssignment = {
  readonly arm: string;
  readonly propensity: number;
  readonly by: AssignedBy;
  /** Of those who wait for the decision: they get the control whatever wins. */
  readonly keepsControl?: boolean;
};

/** What a draw is looked up in. */
export type Draws = {
  readonly arms: readonly Arm[];
  readonly holdout: number;
  readonly tested: number;
  readonly control_share: number;
};

/** Where a draw puts somebody: held out, in the test, or among those who wait for its decision; with the arm that the weights give them. */
export type Drawn =
  | { readonly kind: 'held_out' }
  | { readonly kind: 'tested' | 'waits'; readonly arm: Arm; readonly share: number; readonly keepsControl: boolean };

/**
 * Reads all that is to be drawn off one number in [0, 1): it is cut where the shares end, and what is left of it is as even within each part.
 *
 * @throws Error where no arm has a weight; the schema refuses that.
 */
export function drawArm({ arms, holdout, tested, control_share: controlShare }: Draws, draw: number): Drawn {
  const heldOut = holdout / 100;
  if (draw < heldOut) return { kind: 'held_out' };
  const within = (draw - heldOut) / (1 - heldOut);
  const share = tested / 100;
  const isTested = within < share;
  const rest = isTested ? within / share : (within - share) / (1 - share);
  const weights = arms.reduce((sum, { weight }) => sum + weight, 0);
  let upTo = 0;
  const found = arms.find(({ weight }) => {
    upTo += weight;
    return rest * weights < upTo;
  });
  const arm = found ?? arms.findLast(({ weight }) => weight > 0);
  if (arm === undefined) throw new Error('Arms of which one has a weight have one to draw.');
  return {
    kind: isTested ? 'tested' : 'waits',
    arm,
    share: arm.weight / weights,
    keepsControl: rest * 100 < controlShare,
  };
}
