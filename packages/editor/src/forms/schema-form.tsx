import { controlForShape, fieldShape } from '@signalbox/nodes/define/field-shape';
import type { Step } from '@signalbox/nodes/flow/graph';
import { useEffect, useRef } from 'react';
import { Controller, useForm } from 'react-hook-form';
import type { FlowProblem } from '../flow-model/flow-problems.ts';
import type { JsonSchema } from '../flow-model/json-schema.ts';
import { toJson, uiOf } from '../flow-model/library.ts';
import { tr } from '../lib/translate.ts';
import { Field } from '../ui/field.tsx';
import { type Control, problemsAt } from './control-props.ts';

const files: Readonly<Record<string, { readonly control: Control }>> = import.meta.glob('./*.control.tsx', {
  eager: true,
});
const controls = new Map(Object.values(files).map(({ control }) => [control.name, control]));

/** The control that a field's hints name, else the one that its shape is drawn by. Null where there is none; the library's check refuses such a node. */
function controlOf(field: JsonSchema, root: JsonSchema): Control | null {
  const name = uiOf(field)?.control ?? controlForShape(fieldShape(field, root));
  return name === null ? null : (controls.get(name) ?? null);
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
        const drawn = controlOf(field, schema);
        if (drawn === null) return null;
        const { component: Control, group = false } = drawn;
        const own = problemsAt(problems, name);
        const fieldId = `${id}-${name}`;
        const label = ui === null ? name : tr(ui.label);
        return (
          <div key={name} data-field={name}>
            <Field
              id={fieldId}
              label={label}
              help={ui?.help === undefined ? undefined : tr(ui.help)}
              notes={group ? own.filter((problem) => problem.path.length === 0 && drawn.name !== 'condition') : own}
              group={group}
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
                    beside={shown}
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
