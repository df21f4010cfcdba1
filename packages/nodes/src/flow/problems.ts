import { formatMessage } from '../text/format-message.ts';

export type Severity = 'error' | 'warning';

/** What a problem says. `{name}` stands for one of its values. */
export type ProblemText = {
  /** Unless the place that finds it says otherwise. Only errors keep a flow from being published. */
  readonly severity: Severity;
  readonly title: string;
  /** What to do about it. */
  readonly fix: string;
};

/** The problems that a flow can have besides those of a single node, which stand on the node, by their stable codes. */
export const problemTable = {
  no_trigger: {
    severity: 'error',
    title: 'Nothing starts this flow',
    fix: 'Add a trigger, such as a keyword.',
  },
  unknown_node: {
    severity: 'error',
    title: 'The step type “{type}” does not exist',
    fix: 'Replace the step with one from the palette.',
  },
  unknown_node_version: {
    severity: 'error',
    title: 'Version {version} of “{type}” does not exist',
    fix: 'Replace the step with a new one. The present version is {present}.',
  },
  duplicate_step_id: {
    severity: 'error',
    title: 'Two steps share the id {id}',
    fix: 'Give one of them another id.',
  },
  config_invalid: {
    severity: 'error',
    title: '{message}',
    fix: 'Correct this setting of the step.',
  },
  edge_from_unknown_step: {
    severity: 'error',
    title: 'A line begins at the step {step}, which does not exist',
    fix: 'Remove the line.',
  },
  edge_to_unknown_step: {
    severity: 'error',
    title: 'A line leads to the step {step}, which does not exist',
    fix: 'Remove the line, or connect it to another step.',
  },
  edge_unknown_outlet: {
    severity: 'error',
    title: 'A line begins at the way out “{outlet}”, which the step does not have',
    fix: 'Remove the line, or begin it at another way out.',
  },
  outlet_has_two_edges: {
    severity: 'error',
    title: 'Two lines begin at “{outlet}”',
    fix: 'Keep one of them. To send people different ways, use a branch.',
  },
  trigger_has_incoming: {
    severity: 'error',
    title: 'A line leads to a trigger',
    fix: 'Connect the line to the step after the trigger.',
  },
  step_unreachable: {
    severity: 'error',
    title: 'Nobody can get to this step',
    fix: 'Connect a way out to it, or remove it.',
  },
  cycle_without_pause: {
    severity: 'error',
    title: 'People would go around here without end',
    fix: 'Put a wait, or a wait for a reply, into the circle, or lead one of its lines elsewhere.',
  },
  keyword_taken: {
    severity: 'error',
    title: 'The keyword {keyword} already starts “{flow}”',
    fix: 'Choose another keyword, or stop that flow.',
  },
  keyword_duplicate: {
    severity: 'error',
    title: 'The keyword {keyword} stands at two triggers of this flow',
    fix: 'Keep it at one of them.',
  },
  event_duplicate: {
    severity: 'error',
    title: 'The event {event} stands at two triggers of this flow',
    fix: 'Keep it at one of them.',
  },
  template_invalid: {
    severity: 'error',
    title: '{message}',
    fix: 'Correct the template. Placeholders look like this: {{ contact.first_name }}',
  },
  template_unknown_variable: {
    severity: 'warning',
    title: 'Nothing is known under “{variable}”, so it stays empty',
    fix: 'Choose a detail of the contact, the reply or the event.',
  },
  template_no_result: {
    severity: 'warning',
    title: 'A calculation has no result for people without a value, and they fail here',
    fix: 'Give a default before it, such as {{ contact.attributes.points | default: 0 | plus: 1 }}. Never divide by a value that can be 0.',
  },
  condition_field_unknown: {
    severity: 'error',
    title: 'The field “{field}” does not exist',
    fix: 'Choose another field.',
  },
  condition_operator_unfit: {
    severity: 'error',
    title: '“{operator}” does not fit the field “{field}”',
    fix: 'Choose another comparison.',
  },
  condition_range_reversed: {
    severity: 'error',
    title: 'The range of “{field}” ends before it begins',
    fix: 'Put the smaller number first.',
  },
  condition_never_met: {
    severity: 'warning',
    title: 'A reply of “{value}” never gets here: it has a fixed meaning, and is answered before',
    fix: 'Ask for another word, or remove the comparison.',
  },
  condition_value_empty: {
    severity: 'error',
    title: '“{field}” is compared with nothing',
    fix: 'Give a value, or ask whether the field is known.',
  },
  outlet_unconnected: {
    severity: 'warning',
    title: '“{label}” leads nowhere',
    fix: 'People who leave here are done. Connect it if something should follow.',
  },
  no_consent_check_before_marketing: {
    severity: 'warning',
    title: 'A marketing message without a look at consent before it',
    fix: 'Put “check consent” on the way here. People who did not agree are refused in any case.',
  },
} as const satisfies Record<string, ProblemText>;

export type GeneralProblemCode = keyof typeof problemTable;

/** Something wrong with a flow. `path` is within the step where there is a `step_id`, else within the graph. */
export type Problem = {
  readonly code: string;
  readonly severity: Severity;
  /** What is wrong, in English. */
  readonly title: string;
  /** What to do about it. */
  readonly fix: string;
  readonly step_id?: string;
  readonly path: ReadonlyArray<string | number>;
  readonly values?: Readonly<Record<string, string | number>>;
};

/** Where a problem is, and with which values. */
export type ProblemPlace = Pick<Problem, 'step_id' | 'path' | 'values'> & { readonly severity?: Severity };

/** A problem of the table, at a place. */
export function generalProblem(code: GeneralProblemCode, at: ProblemPlace): Problem {
  return problemOf(code, problemTable[code], at);
}

/** A problem that a node found in its own config: its text is the node's, or of the table. */
export function nodeProblem(
  { problems = {} }: { readonly problems?: Readonly<Record<string, ProblemText>> | undefined },
  code: string,
  at: ProblemPlace,
): Problem {
  const own = Object.hasOwn(problems, code) ? problems[code] : undefined;
  if (own !== undefined) return problemOf(code, own, at);
  return isGeneral(code)
    ? generalProblem(code, at)
    : problemOf(code, { ...problemTable.config_invalid, title: code }, at);
}

/** Problems that keep a flow from being published. */
export function blockingProblems(problems: readonly Problem[]): Problem[] {
  return problems.filter(({ severity }) => severity === 'error');
}

/** True for a code of the table. */
export function isGeneral(code: string): code is GeneralProblemCode {
  return Object.hasOwn(problemTable, code);
}

function problemOf(code: string, text: ProblemText, at: ProblemPlace): Problem {
  return {
    severity: text.severity,
    ...at,
    code,
    title: formatMessage(text.title, at.values),
    fix: formatMessage(text.fix, at.values),
  };
}
