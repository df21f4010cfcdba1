import type { ContactField } from '@signalbox/engine/contacts/contract';
import { attributeName } from '@signalbox/nodes/define/attribute-name';
import { storedContactFields, writtenFieldNames } from '@signalbox/nodes/define/contact-fields';
import { Plus, Trash2 } from 'lucide-react';
import { isRecord } from '../flow-model/json-schema.ts';
import { useContactFields } from '../lib/contact-fields.ts';
import { t, tr } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Combobox } from '../ui/combobox.tsx';
import { FieldProblem } from '../ui/field.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Input } from '../ui/input.tsx';
import type { Choice } from '../ui/select.tsx';
import { type Control, type ControlDeclaration, type ControlProps, problemsAt } from './control-props.ts';

type Assignment = { readonly field: string; readonly value: string };

const attributePrefix = 'attributes.';

const fieldChoices = (own: readonly ContactField[]): Choice[] => [
  ...writtenFieldNames.map((name) => ({ value: name, label: tr(storedContactFields[name].label) })),
  ...own.map(({ key, label }) => ({ value: attributePrefix + key, label })),
];

function freeAttribute(text: string): Choice | null {
  const key = text
    .replace(/^attributes\./, '')
    .trim()
    .replace(/[\s.-]+/g, '_');
  return attributeName.test(key)
    ? { value: `${attributePrefix}${key}`, label: t('form.attribute', { name: key }) }
    : null;
}

const readAssignments = (value: unknown): Assignment[] =>
  Array.isArray(value)
    ? value.filter(isRecord).map((each) => ({ field: String(each.field ?? ''), value: String(each.value ?? '') }))
    : [];

/** Fields of the contact and the values they are set to. */
function AssignmentsControl({ id, value, onChange, problems, disabled }: ControlProps) {
  const own = useContactFields();
  const rows = readAssignments(value);
  const set = (index: number, part: Partial<Assignment>) => {
    const old = rows[index];
    if (old !== undefined) onChange(rows.with(index, { ...old, ...part }));
  };
  return (
    <div id={id} className="flex flex-col gap-2">
      {rows.map((row, index) => {
        const notes = problemsAt(problems, index);
        const choices = fieldChoices(own);
        const known = choices.some((choice) => choice.value === row.field);
        const all =
          known || row.field === ''
            ? choices
            : [
                ...choices,
                { value: row.field, label: t('form.attribute', { name: row.field.replace(attributePrefix, '') }) },
              ];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity of their own
          <div key={index} className="flex flex-col gap-1.5 rounded-md bg-sunken p-1.5">
            <div className="flex gap-1">
              <Combobox
                label={t('form.assignment_field', { n: index + 1 })}
                value={row.field}
                choices={all}
                free={freeAttribute}
                disabled={disabled}
                placeholder={t('condition.choose_field')}
                search={t('form.search_or_attribute')}
                onChange={(field) => set(index, { field })}
              />
              {disabled ? null : (
                <IconButton
                  icon={Trash2}
                  size="icon-sm"
                  className="h-9"
                  label={t('form.remove_row', { n: index + 1 })}
                  disabled={rows.length === 1}
                  onClick={() => onChange(rows.filter((_, at) => at !== index))}
                />
              )}
            </div>
            <Input
              aria-label={t('form.assignment_value', { n: index + 1 })}
              value={row.value}
              maxLength={1000}
              disabled={disabled}
              placeholder={t('form.assignment_hint')}
              onChange={(event) => set(index, { value: event.target.value })}
            />
            {notes.map((problem) => (
              <FieldProblem key={problem.title} note={problem} />
            ))}
          </div>
        );
      })}
      {disabled ? null : (
        <Button size="sm" className="self-start" onClick={() => onChange([...rows, { field: '', value: '' }])}>
          <Plus aria-hidden />
          {t('form.add_field')}
        </Button>
      )}
    </div>
  );
}

export const declared = {
  name: 'assignments',
  draws: ['list of {field, value}'],
  blank: [{ field: '', value: '' }],
  group: true,
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: AssignmentsControl };
