import type { FieldUi } from '@signalbox/nodes/define/ui';
import type { ComponentType } from 'react';
import type { FlowProblem } from '../flow-model/flow-problems.ts';
import type { JsonSchema } from '../flow-model/json-schema.ts';

/** What every control of a generated form gets. `problems` have paths relative to the control's value. */
export type ControlProps = {
  readonly id: string;
  readonly label: string;
  readonly ui: FieldUi | null;
  readonly schema: JsonSchema;
  readonly value: unknown;
  /** Everything else that the form holds, with what is not set as it is by default. */
  readonly beside: (field: string) => unknown;
  readonly onChange: (value: unknown) => void;
  readonly problems: readonly FlowProblem[];
  readonly disabled: boolean;
};

/** What `pnpm catalogue` writes down of a control, so that the library can say which fields no control can draw. */
export type ControlDeclaration = {
  readonly name: string;
  /** The shapes of fields that it draws, in the words of `fieldShape`. */
  readonly draws: readonly string[];
  /** What a field holds that nobody has filled in yet; without it what the shape says. */
  readonly blank?: unknown;
  /** Made of several controls: it has a heading instead of a label, and shows the problems of its parts itself. */
  readonly group?: true;
};

/** A control, registered by `<name>.control.tsx`. */
export type Control = ControlDeclaration & { readonly component: ComponentType<ControlProps> };

/** The problems at one entry of a list or record, with paths relative to it. */
export function problemsAt(problems: readonly FlowProblem[], ...path: ReadonlyArray<string | number>): FlowProblem[] {
  return problems
    .filter((problem) => path.every((key, index) => problem.path[index] === key))
    .map((problem) => ({ ...problem, path: problem.path.slice(path.length) }));
}

/** Attributes that tie a control to its help and problems. */
export function described(id: string, problems: readonly FlowProblem[]) {
  return {
    'aria-describedby': `${id}-help ${id}-problems`,
    'aria-invalid': problems.some((problem) => problem.severity === 'error') || undefined,
  };
}
