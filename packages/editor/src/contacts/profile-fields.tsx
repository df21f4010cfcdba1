import type { Problem } from '@signalbox/engine/http/contract';
import {
  byWrittenField,
  storedContactFields,
  type WrittenFieldName,
  writtenField,
  writtenFieldNames,
} from '@signalbox/nodes/define/contact-fields';
import { type Control, Controller, type UseFormRegister } from 'react-hook-form';
import { phoneHint } from '../lib/format.ts';
import { useSession } from '../lib/session.ts';
import { t, tOpen, tr } from '../lib/translate.ts';
import { countryName } from '../people/country-name.ts';
import { ZoneField } from '../people/zone-field.tsx';
import { Field, type FieldNote } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';

export type Profile = { phone: string } & Record<WrittenFieldName, string>;

/** A profile whose fields are what `value` gives. */
export const profileWith = (value: (name: keyof Profile) => string): Profile => ({
  phone: value('phone'),
  ...byWrittenField(value),
});

/** The server's objections at one field. */
export function notesAt(problem: Problem | null, field: string): FieldNote[] {
  return (problem?.errors ?? [])
    .filter((error) => error.path.at(-1) === field)
    .map((error) => ({ severity: 'error', title: tOpen(`error.${error.code}`, error.message), action: '' }));
}

/** Whether the server named fields of this form, `keys` of the workspace's own among them; what it did not place is shown above the form. */
export function isPlaced(problem: Problem, keys: readonly string[] = []): boolean {
  return (problem.errors ?? []).some((error) =>
    ['phone', ...writtenFieldNames, ...keys].includes(String(error.path.at(-1))),
  );
}

type FieldsProps = {
  readonly register: UseFormRegister<Profile>;
  readonly control: Control<Profile>;
  readonly problem: Problem | null;
  readonly withPhone: boolean;
};

/** The fields of a person. */
export function ProfileFields({ register, control, problem, withPhone }: FieldsProps) {
  const country = useSession()?.workspace.home_country ?? '';
  const tie = (name: keyof Profile) => ({
    id: `contact-${name}`,
    'aria-invalid': notesAt(problem, name).length > 0 || undefined,
    'aria-describedby': `contact-${name}-help contact-${name}-problems`,
  });
  return (
    <>
      {withPhone ? (
        <Field
          id="contact-phone"
          label={t('contact.phone')}
          help={country === '' ? undefined : t('contact.phone.help', { country: countryName(country) })}
          notes={notesAt(problem, 'phone')}
        >
          <Input
            {...tie('phone')}
            type="tel"
            autoFocus
            autoComplete="off"
            placeholder={phoneHint(country)}
            className="num"
            {...register('phone')}
          />
        </Field>
      ) : null}
      <div className="grid gap-4 sm:grid-cols-2">
        {writtenFieldNames.map((name) => {
          const { input, longest } = writtenField(name);
          const notes = notesAt(problem, name);
          if (input === 'time_zone')
            return (
              <div key={name} className="sm:col-span-2">
                <Controller
                  control={control}
                  name={name}
                  render={({ field }) => (
                    <ZoneField id={`contact-${name}`} value={field.value} onChange={field.onChange} notes={notes} />
                  )}
                />
              </div>
            );
          return (
            <div key={name} className={input === 'text' ? undefined : 'sm:col-span-2'}>
              <Field id={`contact-${name}`} label={tr(storedContactFields[name].label)} notes={notes}>
                <Input {...tie(name)} type={input} autoComplete="off" maxLength={longest} {...register(name)} />
              </Field>
            </div>
          );
        })}
      </div>
    </>
  );
}

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());

/** The profile as the API takes it: blanks are null. */
export const toBody = (profile: Profile): Record<WrittenFieldName, string | null> =>
  byWrittenField((name) => orNull(profile[name]));
