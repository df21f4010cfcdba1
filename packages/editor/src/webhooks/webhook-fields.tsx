import type { Problem } from '@signalbox/engine/http/contract';
import type { EventTypeDescription } from '@signalbox/engine/integrations/contract';
import { fieldNotes } from '../lib/form-problems.ts';
import { t } from '../lib/translate.ts';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { EventChoice } from './event-choice.tsx';

export type WebhookValues = { readonly url: string; readonly description: string; readonly types: readonly string[] };

/** The fields of a webhook that a problem may be about. */
export const placedFields = (problem: Problem | null): string[] =>
  (problem?.errors ?? [])
    .map(({ path }) => path.join('.'))
    .filter((path) => ['url', 'description', 'types'].includes(path.split('.')[0] ?? ''));

/** Where a webhook is, what it is for, and what it hears of. */
export function WebhookFields({
  id,
  types,
  values,
  onChange,
  problem,
}: {
  readonly id: string;
  readonly types: readonly EventTypeDescription[];
  readonly values: WebhookValues;
  readonly onChange: (values: WebhookValues) => void;
  readonly problem: Problem | null;
}) {
  const notesOf = (field: string) =>
    placedFields(problem)
      .filter((path) => path.split('.')[0] === field)
      .flatMap((path) => fieldNotes(problem, path));
  return (
    <>
      <Field id={`${id}-url`} label={t('webhook.url')} help={t('webhook.url.help')} notes={notesOf('url')}>
        <Input
          id={`${id}-url`}
          type="url"
          value={values.url}
          maxLength={2_000}
          autoComplete="off"
          placeholder={t('webhook.url.shape')}
          aria-describedby={`${id}-url-help ${id}-url-problems`}
          aria-invalid={notesOf('url').length > 0 || undefined}
          onChange={(event) => onChange({ ...values, url: event.target.value })}
        />
      </Field>
      <Field
        id={`${id}-description`}
        label={t('webhook.description')}
        help={t('webhook.description.help')}
        notes={notesOf('description')}
      >
        <Input
          id={`${id}-description`}
          value={values.description}
          maxLength={200}
          autoComplete="off"
          aria-describedby={`${id}-description-help ${id}-description-problems`}
          onChange={(event) => onChange({ ...values, description: event.target.value })}
        />
      </Field>
      <Field id={`${id}-types`} label={t('webhook.types')} notes={notesOf('types')} group>
        <EventChoice
          id={`${id}-types`}
          types={types}
          chosen={values.types}
          onChange={(chosen) => onChange({ ...values, types: chosen })}
        />
      </Field>
    </>
  );
}
