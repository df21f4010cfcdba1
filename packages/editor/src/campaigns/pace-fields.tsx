import type { Campaign } from '@signalbox/engine/campaigns/contract';
import { fieldNotes } from '../lib/form-problems.ts';
import { t } from '../lib/translate.ts';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Select } from '../ui/select.tsx';
import type { Editing } from './use-edits.ts';

type Pace = Campaign['pace'];

const paces: Readonly<Record<string, Pace>> = {
  none: null,
  spread: { kind: 'spread', hours: 4 },
  rate: { kind: 'rate', people_per_hour: 1_000 },
};

/** How fast it goes out. */
export function PaceFields({
  editing: { shown, edit, problem },
  disabled,
}: {
  readonly editing: Pick<Editing, 'edit' | 'problem'> & { readonly shown: { readonly pace: Pace } };
  readonly disabled: boolean;
}) {
  const { pace } = shown;
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field id="campaign-pace" label={t('campaigns.pace')}>
        <Select
          id="campaign-pace"
          label={t('campaigns.pace')}
          disabled={disabled}
          value={pace?.kind ?? 'none'}
          choices={[
            { value: 'none', label: t('campaigns.pace.none') },
            { value: 'spread', label: t('campaigns.pace.spread') },
            { value: 'rate', label: t('campaigns.pace.rate') },
          ]}
          onChange={(kind) => edit({ pace: paces[kind] ?? null })}
        />
      </Field>
      {pace === null ? null : (
        <Field
          id="campaign-pace-amount"
          label={t(pace.kind === 'spread' ? 'campaigns.pace.hours' : 'campaigns.pace.people')}
          notes={fieldNotes(problem, pace.kind === 'spread' ? 'pace.hours' : 'pace.people_per_hour')}
        >
          <Input
            id="campaign-pace-amount"
            type="number"
            min={1}
            disabled={disabled}
            value={pace.kind === 'spread' ? pace.hours : pace.people_per_hour}
            onChange={(event) => {
              const amount = Math.trunc(Number(event.target.value));
              edit({
                pace: pace.kind === 'spread' ? { ...pace, hours: amount } : { ...pace, people_per_hour: amount },
              });
            }}
          />
        </Field>
      )}
    </div>
  );
}
