import type { z } from 'zod';

/** `error`: something does not work. `warning`: it soon will not. */
export const severities = ['error', 'warning'] as const;
export type Severity = (typeof severities)[number];

/** What people read of a notice. */
export type NoticeText = {
  /** What happened, as a sentence without its point. */
  readonly title: string;
  /** What to do about it. */
  readonly action: string;
  /** Where it is put right: a way of the editor, and what the link there is called. */
  readonly remedy: { readonly label: string; readonly path: string } | null;
};

type NoticeDefinition<Values extends z.ZodObject> = {
  /** Wire name, equal to the file's name but for its underscores. */
  readonly kind: string;
  readonly severity: Severity;
  /** Noticed again within so many milliseconds of its end it is the same incident, which goes on: nobody is mailed again. Another, unless given. */
  readonly sameWithinMs?: number;
  /** What its texts are made from: codes, amounts and names of things; nothing of a person. Stored as it was when the notice was raised. */
  readonly values: Values;
  readonly title: (values: z.infer<Values>) => string;
  readonly action: (values: z.infer<Values>) => string;
  /** @param subject what the notice is about, by its id as the API shows it. */
  readonly remedy: (subject: string, values: z.infer<Values>) => { readonly label: string; readonly path: string };
};

/** A kind of notice: `raiseNotices` takes it. */
export type NoticeKind<Values extends z.ZodObject = z.ZodObject> = Pick<
  NoticeDefinition<Values>,
  'kind' | 'severity' | 'values'
> & {
  readonly sameWithinMs: number;
  /** What people read of one; null where what was stored is not of this kind as it is today. */
  readonly show: (subject: string, stored: unknown) => NoticeText | null;
};

/** A kind of notice, with its place for a docstring: one file beside, and `pnpm catalogue` adds it to those that are known. */
export function defineNotice<Values extends z.ZodObject>(definition: NoticeDefinition<Values>): NoticeKind<Values> {
  const { kind, severity, sameWithinMs = 0, values, title, action, remedy } = definition;
  return {
    kind,
    severity,
    sameWithinMs,
    values,
    show: (subject, stored) => {
      const parsed = values.safeParse(stored);
      return parsed.success
        ? { title: title(parsed.data), action: action(parsed.data), remedy: remedy(subject, parsed.data) }
        : null;
    },
  };
}
