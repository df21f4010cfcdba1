import type { Problem } from '@signalbox/engine/http/contract';
import { ChevronRight } from 'lucide-react';
import type { JsonSchema } from '../flow-model/json-schema.ts';
import { uiOf } from '../flow-model/library.ts';
import { fieldNotes } from '../lib/form-problems.ts';
import { t, tr } from '../lib/translate.ts';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Select } from '../ui/select.tsx';

export type FieldValues = Readonly<Record<string, string>>;

type AccountFieldsProps = {
  readonly id: string;
  readonly schema: JsonSchema;
  readonly secrets: readonly string[];
  readonly values: FieldValues;
  readonly onChange: (values: FieldValues) => void;
  readonly problem: Problem | null;
  /** Where the fields stand in the request: nothing, or `fields.`. */
  readonly prefix?: string;
  /** Secrets that are there already, and stay unless something is typed. */
  readonly keepsSecrets?: boolean;
};

/** The names of the fields of a provider's accounts. */
export const fieldNames = (schema: JsonSchema): string[] => Object.keys(schema.properties ?? {});

/** What holds of a field until somebody fills it in. */
export function firstValues(schema: JsonSchema): FieldValues {
  const entries = Object.entries(schema.properties ?? {});
  return Object.fromEntries(
    entries.map(([name, field]) => [name, typeof field.default === 'string' ? field.default : '']),
  );
}

/** What connects an account at its provider, by the provider's own fields; guesses of ours that may be corrected are folded away. */
export function AccountFields(props: AccountFieldsProps) {
  const fields = Object.entries(props.schema.properties ?? {});
  const isGuess = ([, field]: (typeof fields)[number]) => field.default !== undefined && field.enum === undefined;
  const guesses = fields.filter(isGuess);
  const draw = ([name, field]: (typeof fields)[number]) => <OneField key={name} name={name} field={field} {...props} />;
  return (
    <>
      {fields.filter((each) => !isGuess(each)).map(draw)}
      {guesses.length === 0 ? null : (
        <details className="group/more rounded-md border border-line">
          <summary className="flex cursor-pointer list-none items-center gap-2 rounded-md px-3 py-2 font-medium text-sm hover:bg-hover max-md:min-h-11">
            <ChevronRight aria-hidden className="size-4 text-ink-3 transition-transform group-open/more:rotate-90" />
            {t('connect.optional')}
          </summary>
          <div className="flex flex-col gap-4 px-3 pt-2 pb-4">{guesses.map(draw)}</div>
        </details>
      )}
    </>
  );
}

function OneField({
  id,
  name,
  field,
  secrets,
  values,
  onChange,
  problem,
  prefix = '',
  keepsSecrets = false,
}: AccountFieldsProps & { readonly name: string; readonly field: JsonSchema }) {
  const ui = uiOf(field);
  const label = ui === null ? name : tr(ui.label);
  const notes = fieldNotes(problem, `${prefix}${name}`);
  const secret = secrets.includes(name);
  const set = (value: string) => onChange({ ...values, [name]: value });
  const fieldId = `${id}-${name}`;
  const choices =
    ui?.options?.map(({ value, label: text, help }) => ({
      value,
      label: tr(text),
      help: help === undefined ? undefined : tr(help),
    })) ?? field.enum?.map((each) => ({ value: String(each), label: String(each) }));
  const placeholder =
    secret && keepsSecrets ? t('account.secret.keep') : ui?.placeholder === undefined ? undefined : tr(ui.placeholder);
  return (
    <Field id={fieldId} label={label} help={ui?.help === undefined ? undefined : tr(ui.help)} notes={notes}>
      {choices === undefined ? (
        <Input
          id={fieldId}
          type={secret ? 'password' : 'text'}
          value={values[name] ?? ''}
          placeholder={placeholder}
          autoComplete={secret ? 'new-password' : 'off'}
          spellCheck={false}
          maxLength={4_000}
          className="font-mono text-sm"
          aria-invalid={notes.length > 0 || undefined}
          aria-describedby={`${fieldId}-help ${fieldId}-problems`}
          onChange={(event) => set(event.target.value)}
        />
      ) : (
        <Select
          id={fieldId}
          label={label}
          value={values[name] ?? ''}
          choices={choices}
          invalid={notes.length > 0}
          onChange={set}
        />
      )}
    </Field>
  );
}
