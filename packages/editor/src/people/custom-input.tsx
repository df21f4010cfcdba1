import type { ContactField } from '@signalbox/engine/contacts/contract';
import type { AttributeValue } from '@signalbox/nodes/define/contact-fields';
import { shownCustomValue } from '@signalbox/nodes/define/custom-fields';
import { t } from '../lib/translate.ts';
import { Field, type FieldNote } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Select } from '../ui/select.tsx';

/** Stands for no value where an empty text cannot. */
const unknown = '\u2014';

/** One field that the workspace made up, as its type is written. What is written goes to the server as it is: it says what does not fit. */
export function CustomInput({
  field,
  value,
  notes,
  onChange,
}: {
  readonly field: ContactField;
  readonly value: AttributeValue;
  readonly notes: readonly FieldNote[];
  readonly onChange: (value: AttributeValue) => void;
}) {
  const { key, label, type, options, currency } = field;
  const id = `contact-field-${key}`;
  const text = shownCustomValue(value);
  const tie = {
    id,
    autoComplete: 'off',
    'aria-invalid': notes.length > 0 || undefined,
    'aria-describedby': `${id}-problems`,
  };
  const write = (written: string) => onChange(written === '' ? null : written);
  const select = (choices: ReadonlyArray<{ readonly value: string; readonly label: string }>) => (
    <Select
      id={id}
      label={label}
      value={text === '' ? unknown : text}
      invalid={notes.length > 0}
      choices={[{ value: unknown, label: t('fields.unknown') }, ...choices]}
      onChange={(chosen) => onChange(chosen === unknown ? null : chosen)}
    />
  );
  if (type === 'list' && options.length > 0) {
    const chosen: readonly string[] = Array.isArray(value) ? value : [];
    // What somebody has that is no option any more is still theirs.
    const offered = [...options, ...chosen.filter((item) => !options.includes(item))];
    return (
      <Field id={id} label={label} notes={notes} group>
        <div className="flex flex-wrap gap-x-4 gap-y-1.5">
          {offered.map((option) => (
            <label key={option} className="flex min-h-6 items-center gap-2 text-sm max-md:min-h-11">
              <input
                type="checkbox"
                className="size-4 accent-action"
                checked={chosen.includes(option)}
                onChange={(event) =>
                  onChange(event.target.checked ? [...chosen, option] : chosen.filter((item) => item !== option))
                }
              />
              <bdi className="[overflow-wrap:anywhere]">{option}</bdi>
            </label>
          ))}
        </div>
      </Field>
    );
  }
  const control = () => {
    switch (type) {
      case 'yes_no':
        return select([
          { value: 'true', label: t('fields.yes') },
          { value: 'false', label: t('fields.no') },
        ]);
      case 'choice': {
        const offered = text === '' || options.includes(text) ? options : [...options, text];
        return select(offered.map((option) => ({ value: option, label: option })));
      }
      case 'date':
      case 'time':
        return <Input {...tie} type={type} value={text} onChange={(event) => write(event.target.value)} />;
      case 'money':
        return (
          <span className="flex items-center gap-1.5 text-sm">
            <Input
              {...tie}
              inputMode="decimal"
              className="num"
              maxLength={40}
              value={text}
              onChange={(event) => write(event.target.value)}
            />
            <span className="text-ink-2">{currency ?? ''}</span>
          </span>
        );
      default:
        return (
          <Input
            {...tie}
            {...(type === 'number' ? { inputMode: 'decimal' as const, className: 'num' } : {})}
            placeholder={type === 'list' ? t('fields.list_hint') : undefined}
            maxLength={640}
            value={text}
            onChange={(event) => write(event.target.value)}
          />
        );
    }
  };
  return (
    <Field id={id} label={label} notes={notes}>
      {control()}
    </Field>
  );
}
