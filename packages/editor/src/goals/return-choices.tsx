import type { Goal } from '@signalbox/engine/goals/contract';
import { t } from '../lib/translate.ts';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Select } from '../ui/select.tsx';
import { type AttributionModel, models, type ReturnSearch } from './queries.ts';

const all = 'all';
const isModel = (value: string): value is AttributionModel => models.some((model) => model === value);

/** By which model, of which goal, and within how many days. */
export function ReturnChoices({
  search,
  goals,
  onChange,
}: {
  readonly search: ReturnSearch;
  readonly goals: readonly Goal[];
  readonly onChange: (search: ReturnSearch) => void;
}) {
  const { model, goal_id: goalId, windows } = search;
  const own = goals.find(({ id }) => id === goalId) ?? goals[0];
  const shown = windows ?? {
    window_days: String(own?.window_days ?? 5),
    delivery_days: String(own?.delivery_days ?? 1),
  };
  return (
    <div className="grid grid-cols-2 gap-4 max-sm:[&>:nth-child(-n+2)]:col-span-2">
      <Field id="return-model" label={t('return.model')}>
        <Select
          id="return-model"
          label={t('return.model')}
          value={model}
          choices={models.map((value) => ({
            value,
            label: t(`return.model.${value}`),
            help: t(`return.model.${value}.help`),
          }))}
          onChange={(value) => isModel(value) && onChange({ ...search, model: value })}
        />
      </Field>
      <Field id="return-goal" label={t('return.goal')}>
        <Select
          id="return-goal"
          label={t('return.goal')}
          value={goalId ?? all}
          choices={[
            { value: all, label: t('return.all_goals') },
            ...goals.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(value) => onChange({ ...search, goal_id: value === all ? null : value, windows: null })}
        />
      </Field>
      {(['window_days', 'delivery_days'] as const).map((key) => (
        <Field key={key} id={`return-${key}`} label={t(`goals.${key}`)}>
          <Input
            id={`return-${key}`}
            type="number"
            min={1}
            max={90}
            className="num w-24"
            value={shown[key]}
            onChange={(event) => onChange({ ...search, windows: { ...shown, [key]: event.target.value } })}
          />
        </Field>
      ))}
    </div>
  );
}
