import type { Workspace } from '@signalbox/engine/access/contract';
import { answersIn } from '@signalbox/nodes/text/compliance-answers';
import { useEffect } from 'react';
import { type Control, Controller, useForm, useWatch } from 'react-hook-form';
import { problemFrom } from '../lib/api.ts';
import { fieldNotes, formNote } from '../lib/form-problems.ts';
import { t } from '../lib/translate.ts';
import { useWorkspaceChange } from '../lib/workspace.ts';
import { countryChoices } from '../people/country-choices.ts';
import { currencyChoices } from '../people/currency-choices.ts';
import { languageChoices, otherLanguage } from '../people/languages.ts';
import { ZoneField } from '../people/zone-field.tsx';
import { Button } from '../ui/button.tsx';
import { Field, type FieldNote, FormProblem } from '../ui/field.tsx';
import { Input, Textarea } from '../ui/input.tsx';
import { Section } from '../ui/section.tsx';
import type { Choice } from '../ui/select.tsx';
import { Toggle } from '../ui/toggle.tsx';
import { ChoiceField } from './choice-field.tsx';

const names = [
  'name',
  'brand',
  'home_country',
  'language',
  'time_zone',
  'currency',
  'link_domain',
  'stop_answer',
  'start_answer',
  'help_answer',
] as const;
type Name = (typeof names)[number];
type Values = Record<Name, string> & { resend_unknown: boolean };

const valuesOf = ({
  name,
  home_country,
  language,
  time_zone,
  currency,
  resend_unknown,
  ...optional
}: Workspace): Values => ({
  name,
  home_country,
  language,
  time_zone,
  currency,
  brand: optional.brand ?? '',
  link_domain: optional.link_domain ?? '',
  stop_answer: optional.stop_answer ?? '',
  start_answer: optional.start_answer ?? '',
  help_answer: optional.help_answer ?? '',
  resend_unknown,
});

/** What was changed, as the API takes it: what may be left unset is null where it is empty. */
const bodyOf = (values: Values, changed: object): Record<string, string | boolean | null> => ({
  ...Object.fromEntries(
    names
      .filter((name) => Object.hasOwn(changed, name))
      .map((name) => [name, isOptional(name) && values[name].trim() === '' ? null : values[name]]),
  ),
  ...(Object.hasOwn(changed, 'resend_unknown') ? { resend_unknown: values.resend_unknown } : {}),
});

const optional: ReadonlySet<Name> = new Set(['brand', 'link_domain', 'stop_answer', 'start_answer', 'help_answer']);
const isOptional = (name: Name): boolean => optional.has(name);

/** Saved with the revision it was read at: a change made elsewhere is not written over. */
export function WorkspaceForm({ workspace }: { readonly workspace: Workspace }) {
  const form = useForm<Values>({ defaultValues: valuesOf(workspace) });
  const { isDirty, dirtyFields } = form.formState;
  useEffect(() => form.reset(valuesOf(workspace), { keepDirtyValues: true }), [workspace, form]);
  const save = useWorkspaceChange(workspace, (next) => form.reset(valuesOf(next)));
  const problem = save.isError ? problemFrom(save.error) : null;
  const above = formNote(problem, names, {
    title: t('settings.changed_elsewhere'),
    action: t('settings.save_again'),
  });
  const usual = answersIn([useWatch({ control: form.control, name: 'language' })]);
  const notes = (name: Name): FieldNote[] => fieldNotes(problem, name);
  const tie = (name: Name) => ({
    id: `workspace-${name}`,
    'aria-invalid': notes(name).length > 0 || undefined,
    'aria-describedby': `workspace-${name}-help workspace-${name}-problems`,
    ...form.register(name),
  });
  return (
    <Section title={t('settings.workspace')} text={t('settings.workspace.text')}>
      <form
        className="flex flex-col gap-4"
        noValidate
        onSubmit={form.handleSubmit((values) => save.mutate(bodyOf(values, dirtyFields)))}
      >
        <FormProblem note={above} />
        <div className="grid gap-4 sm:grid-cols-2">
          <Field id="workspace-name" label={t('settings.name')} help={t('settings.name.help')} notes={notes('name')}>
            <Input {...tie('name')} maxLength={80} autoComplete="organization" />
          </Field>
          <Field
            id="workspace-brand"
            label={t('settings.brand')}
            help={t('settings.brand.help')}
            notes={notes('brand')}
          >
            <Input {...tie('brand')} maxLength={60} autoComplete="off" />
          </Field>
          <Chosen
            control={form.control}
            name="home_country"
            label={t('settings.country')}
            help={t('settings.country.help')}
            search={t('settings.country.search')}
            choices={countryChoices}
            notes={notes('home_country')}
          />
          <Chosen
            control={form.control}
            name="currency"
            label={t('settings.currency')}
            help={t('settings.currency.help')}
            search={t('settings.currency.search')}
            choices={currencyChoices}
            notes={notes('currency')}
          />
          <Chosen
            control={form.control}
            name="language"
            label={t('settings.language')}
            help={t('settings.language.help')}
            search={t('settings.language.search')}
            choices={languageChoices}
            notes={notes('language')}
            free={otherLanguage}
          />
          <Field
            id="workspace-link_domain"
            label={t('settings.link_domain')}
            help={t('settings.link_domain.help')}
            notes={notes('link_domain')}
          >
            <Input
              {...tie('link_domain')}
              maxLength={253}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              inputMode="url"
              placeholder={t('settings.link_domain.hint')}
            />
          </Field>
        </div>
        <Controller
          control={form.control}
          name="time_zone"
          render={({ field }) => (
            <ZoneField
              id="workspace-zone"
              value={field.value}
              onChange={field.onChange}
              notes={notes('time_zone')}
              required={t('settings.zone.help')}
            />
          )}
        />
        <fieldset className="flex flex-col gap-4 border-t border-line pt-4">
          <legend className="sr-only">{t('settings.answers')}</legend>
          <div>
            <h3 className="font-medium">{t('settings.answers')}</h3>
            <p className="mt-0.5 text-pretty text-ink-2 text-sm">{t('settings.answers.text')}</p>
          </div>
          {(['stop', 'start', 'help'] as const).map((word) => (
            <Field
              key={word}
              id={`workspace-${word}_answer`}
              label={t(`settings.${word}_answer`)}
              help={t(`settings.${word}_answer.help`)}
              notes={notes(`${word}_answer`)}
            >
              <Textarea {...tie(`${word}_answer`)} rows={2} maxLength={300} placeholder={usual[word]} />
            </Field>
          ))}
        </fieldset>
        <div className="border-t border-line pt-4">
          <Controller
            control={form.control}
            name="resend_unknown"
            render={({ field }) => (
              <Toggle
                id="workspace-resend_unknown"
                label={t('settings.unknown')}
                help={t('settings.unknown.help')}
                checked={field.value}
                onChange={field.onChange}
              />
            )}
          />
        </div>
        <div className="flex gap-2">
          <Button kind="primary" type="submit" disabled={!isDirty || save.isPending}>
            {t('settings.save')}
          </Button>
          {isDirty ? <Button onClick={() => form.reset(valuesOf(workspace))}>{t('action.discard')}</Button> : null}
        </div>
      </form>
    </Section>
  );
}

/** A field of the form that is one of many choices. */
function Chosen({
  control,
  name,
  ...field
}: {
  readonly control: Control<Values>;
  readonly name: Name;
  readonly label: string;
  readonly help: string;
  readonly search: string;
  readonly choices: readonly Choice[];
  readonly notes: readonly FieldNote[];
  readonly free?: (text: string) => Choice | null;
}) {
  return (
    <Controller
      control={control}
      name={name}
      render={({ field: { value, onChange } }) => (
        <ChoiceField id={`workspace-${name}`} value={value} onChange={onChange} {...field} />
      )}
    />
  );
}
