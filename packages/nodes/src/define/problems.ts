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
    title: 'A line starts at the step {step}, which does not exist',
    fix: 'Remove the line.',
  },
  edge_to_unknown_step: {
    severity: 'error',
    title: 'A line leads to the step {step}, which does not exist',
    fix: 'Remove the line, or connect it to another step.',
  },
  edge_unknown_outlet: {
    severity: 'error',
    title: 'A line starts at the exit “{outlet}”, which this step does not have',
    fix: 'Remove the line, or start it at another exit.',
  },
  outlet_has_two_edges: {
    severity: 'error',
    title: 'Two lines start at “{outlet}”',
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
    fix: 'Connect another step to it, or remove it.',
  },
  cycle_without_pause: {
    severity: 'error',
    title: 'People would loop through these steps without a pause',
    fix: 'Add a wait, or a wait for a reply, to the loop, or connect one of its lines elsewhere.',
  },
  keyword_taken: {
    severity: 'error',
    title: 'The keyword {key} already starts “{flow}”',
    fix: 'Choose another keyword, or stop that flow.',
  },
  keyword_duplicate: {
    severity: 'error',
    title: 'Two triggers of this flow use the keyword {key}',
    fix: 'Keep it on one of them.',
  },
  auto_response_taken: {
    severity: 'error',
    title: '“{flow}” already answers these texts: {key}',
    fix: 'Choose other texts, or stop that flow.',
  },
  auto_response_duplicate: {
    severity: 'error',
    title: 'Two triggers of this flow answer the same texts: {key}',
    fix: 'Keep one of them.',
  },
  event_duplicate: {
    severity: 'error',
    title: 'Two triggers of this flow use the event {key}',
    fix: 'Keep it on one of them.',
  },
  segment_duplicate: {
    severity: 'error',
    title: 'Two triggers of this flow go by the same segment',
    fix: 'Keep one of them.',
  },
  campaign_duplicate: {
    severity: 'error',
    title: 'Two triggers of this flow start with the campaign',
    fix: 'Keep one of them.',
  },
  template_invalid: {
    severity: 'error',
    title: '{message}',
    fix: 'Correct the template. Placeholders look like this: {{ contact.first_name }}',
  },
  template_unknown_variable: {
    severity: 'warning',
    title: 'There is no detail called “{variable}”, so it is left blank',
    fix: 'Choose a detail of the contact, the reply or the event.',
  },
  message_too_long: {
    severity: 'error',
    title: 'The message can reach {characters} characters; the limit is {limit}',
    fix: 'Shorten the message.',
  },
  template_gone: {
    severity: 'error',
    title: 'The template does not exist',
    fix: 'Choose another template, or write the text here.',
  },
  template_unpublished: {
    severity: 'error',
    title: '“{name}” has no version yet',
    fix: 'Publish the template first.',
  },
  template_version_gone: {
    severity: 'error',
    title: '“{name}” has no version {version}',
    fix: 'Choose a version that there is, or follow the newest.',
  },
  template_archived: {
    severity: 'error',
    title: '“{name}” is archived',
    fix: 'Choose another one, or bring it back from the archive.',
  },
  snippet_gone: {
    severity: 'error',
    title: 'There is no snippet “{key}”',
    fix: 'Choose one of the snippets under Messages → Templates, or write its words here.',
  },
  code_pool_gone: {
    severity: 'error',
    title: 'There is no pool of codes “{key}”',
    fix: 'Choose one of the pools under Campaigns → Codes, or take the placeholder out.',
  },
  missing_not_named: {
    severity: 'warning',
    title: 'The text does not name “{variable}”, for which it says what to do',
    fix: 'Take the entry out, or name the detail in the text.',
  },
  template_no_result: {
    severity: 'warning',
    title: 'A calculation has no result for people without a value, so they would fail here',
    fix: 'Give a default before it, such as {{ contact.attributes.points | default: 0 | plus: 1 }}. Never divide by a value that can be 0.',
  },
  template_no_date: {
    severity: 'warning',
    title: 'What is to be shown as a date is none for some people, so they would fail here',
    fix: 'Give a date as default before it, such as {{ contact.attributes.day | default: now | date }}.',
  },
  template_no_words: {
    severity: 'warning',
    title: 'Some people would be shown the word “true” or “false”, so they would fail here',
    fix: 'Put the words for each answer into {% if … %}.',
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
    title: 'A reply of “{value}” never gets this far: it has a fixed meaning and is handled first',
    fix: 'Ask for a different word, or remove the comparison.',
  },
  condition_value_empty: {
    severity: 'error',
    title: 'There is nothing to compare “{field}” with',
    fix: 'Enter a value, or check whether the field is known.',
  },
  condition_segment_only: {
    severity: 'error',
    title: '“{field}” can be asked about in a segment alone',
    fix: 'Choose a detail of people here, or make a segment and let its people in.',
  },
  outlet_unconnected: {
    severity: 'warning',
    title: '“{label}” is not connected',
    fix: 'The flow ends for people who take this exit. Connect a step if something should follow.',
  },
  no_consent_check_before_marketing: {
    severity: 'warning',
    title: 'This marketing message goes out without a consent check',
    fix: 'Add “Check consent” before this step. People who did not agree are not texted in any case.',
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
