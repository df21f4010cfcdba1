import type { FieldUi } from '@signalbox/nodes/define/ui';
import type { Step } from '@signalbox/nodes/flow/graph';
import type { ComponentType } from 'react';
import { useEffect, useRef } from 'react';
import { Controller, useForm } from 'react-hook-form';
import type { FlowProblem } from '../flow-model/flow-problems.ts';
import type { JsonSchema } from '../flow-model/json-schema.ts';
import { toJson, uiOf } from '../flow-model/library.ts';
import { tr } from '../lib/translate.ts';
import { Field } from '../ui/field.tsx';
import { BranchesControl } from './branches-control.tsx';
import { ConditionControl } from './condition-control.tsx';
import { type ControlProps, problemsAt } from './control-props.ts';
import { DurationControl } from './duration-control.tsx';
import { KeywordsControl } from './keywords-control.tsx';
import { MessageControl } from './message-control.tsx';
import { AssignmentsControl, WeightsControl } from './rows-controls.tsx';
import { MultilineControl, NumberControl, SelectControl, TextControl, ToggleControl } from './simple-controls.tsx';

type ControlKind = NonNullable<FieldUi['control']>;

const controls: Readonly<Record<ControlKind, ComponentType<ControlProps>>> = {
  text: TextControl,
  multiline: MultilineControl,
  message: MessageControl,
  number: NumberControl,
  duration: DurationControl,
  select: SelectControl,
  toggle: ToggleControl,
  keywords: KeywordsControl,
  condition: ConditionControl,
  branches: BranchesControl,
  assignments: AssignmentsControl,
  weights: WeightsControl,
};

const grouped = new Set<ControlKind>(['condition', 'branches', 'assignments', 'weights']);
/** Controls that show the problems of their parts themselves. */
const ownProblems = new Set<ControlKind>(['condition', 'branches', 'assignments', 'weights']);

function kindOf(schema: JsonSchema): ControlKind {
  const asked = uiOf(schema)?.control;
  if (asked !== undefined) return asked;
  if (schema.enum !== undefined) return 'select';
  if (schema.type === 'boolean') return 'toggle';
  if (schema.type === 'number' || schema.type === 'integer') return 'number';
  return 'text';
}

type Values = Step['config'];

type SchemaFormProps = {
  readonly id: string;
  readonly schema: JsonSchema;
  readonly values: Values;
  readonly problems: readonly FlowProblem[];
  readonly disabled: boolean;
  /** The whole config after an edit of one field. */
  readonly onChange: (values: Values, field: string) => void;
};

/** A form made from a config's JSON Schema and its UI hints: a new node brings its form with it. */
export function SchemaForm({ id, schema, values, problems, disabled, onChange }: SchemaFormProps) {
  const form = useForm<Record<string, unknown>>({ defaultValues: values });
  const sent = useRef<Values>(values);
  // Undo, redo and edits made elsewhere come in from outside.
  useEffect(() => {
    if (values !== sent.current) form.reset(values);
    sent.current = values;
  }, [values, form]);
  const required = new Set(schema.required ?? []);
  const edit = (name: string, value: unknown) => {
    const next: Values = { ...sent.current, [name]: toJson(value) };
    if ((value === '' || value === null || value === undefined) && !required.has(name)) delete next[name];
    sent.current = next;
    onChange(next, name);
  };
  const now = form.watch();
  // What is not set holds by default; a cleared field is null or empty, not undefined.
  const shown = (name: string): unknown => (now[name] === undefined ? schema.properties?.[name]?.default : now[name]);
  return (
    <div className="flex flex-col gap-5">
      {Object.entries(schema.properties ?? {}).map(([name, field]) => {
        const ui = uiOf(field);
        if (ui?.visible !== undefined && shown(ui.visible.field) !== ui.visible.equals) return null;
        const kind = kindOf(field);
        const Control = controls[kind];
        const own = problemsAt(problems, name);
        const fieldId = `${id}-${name}`;
        const label = ui === null ? name : tr(ui.label);
        return (
          <div key={name} data-field={name}>
            <Field
              id={fieldId}
              label={label}
              help={ui?.help === undefined ? undefined : tr(ui.help)}
              notes={
                ownProblems.has(kind) ? own.filter((problem) => problem.path.length === 0 && kind !== 'condition') : own
              }
              group={grouped.has(kind)}
            >
              <Controller
                control={form.control}
                name={name}
                render={({ field: bound }) => (
                  <Control
                    id={fieldId}
                    label={label}
                    ui={ui}
                    schema={field}
                    value={bound.value === undefined ? field.default : bound.value}
                    problems={own}
                    disabled={disabled}
                    onChange={(value) => {
                      bound.onChange(value);
                      edit(name, value);
                    }}
                  />
                )}
              />
            </Field>
          </div>
        );
      })}
    </div>
  );
}
