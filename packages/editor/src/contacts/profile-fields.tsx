import type { Problem } from '@signalbox/engine/http/contract';
import { type Control, Controller, type UseFormRegister } from 'react-hook-form';
import { t, tOpen } from '../lib/translate.ts';
import { Field, type FieldNote } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { ZoneField } from './zone-field.tsx';

export type Profile = { phone: string; first_name: string; last_name: string; email: string; time_zone: string };

/** The server's objections at one field. */
function notesAt(problem: Problem | null, field: string): FieldNote[] {
  return (problem?.errors ?? [])
    .filter((error) => error.path.at(-1) === field)
    .map((error) => ({ severity: 'error', title: tOpen(`error.${error.code}`, error.message), action: '' }));
}

/** Whether the server named fields of this form; what it did not place is shown above the form. */
export function isPlaced(problem: Problem): boolean {
  return (problem.errors ?? []).some((error) =>
    ['phone', 'first_name', 'last_name', 'email', 'time_zone'].includes(String(error.path.at(-1))),
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
  const notes = {
    phone: notesAt(problem, 'phone'),
    first_name: notesAt(problem, 'first_name'),
    last_name: notesAt(problem, 'last_name'),
    email: notesAt(problem, 'email'),
  };
  const tie = (field: keyof typeof notes) => ({
    id: `contact-${field}`,
    'aria-invalid': notes[field].length > 0 || undefined,
    'aria-describedby': `contact-${field}-help contact-${field}-problems`,
  });
  return (
    <>
      {withPhone ? (
        <Field id="contact-phone" label={t('contact.phone')} help={t('contact.phone.help')} notes={notes.phone}>
          <Input
            {...tie('phone')}
            type="tel"
            autoFocus
            autoComplete="off"
            placeholder="+1 202 555 0143"
            className="num"
            {...register('phone')}
          />
        </Field>
      ) : null}
      <div className="grid gap-4 sm:grid-cols-2">
        <Field id="contact-first_name" label={t('contact.first_name')} notes={notes.first_name}>
          <Input {...tie('first_name')} autoComplete="off" maxLength={80} {...register('first_name')} />
        </Field>
        <Field id="contact-last_name" label={t('contact.last_name')} notes={notes.last_name}>
          <Input {...tie('last_name')} autoComplete="off" maxLength={80} {...register('last_name')} />
        </Field>
      </div>
      <Field id="contact-email" label={t('contact.email')} notes={notes.email}>
        <Input {...tie('email')} type="email" autoComplete="off" maxLength={200} {...register('email')} />
      </Field>
      <Controller
        control={control}
        name="time_zone"
        render={({ field }) => (
          <ZoneField
            id="contact-time_zone"
            value={field.value}
            onChange={field.onChange}
            notes={notesAt(problem, 'time_zone')}
          />
        )}
      />
    </>
  );
}

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());

/** The profile as the API takes it: blanks are null. */
export function toBody(profile: Profile) {
  return {
    first_name: orNull(profile.first_name),
    last_name: orNull(profile.last_name),
    email: orNull(profile.email),
    time_zone: orNull(profile.time_zone),
  };
}
