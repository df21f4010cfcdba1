import type { OpeningHoursDocument } from '@signalbox/engine/access/contract';
import { formatDateSoon } from '../lib/format.ts';
import { t, tr } from '../lib/translate.ts';

type ListProps = {
  readonly holidays: OpeningHoursDocument['public_holidays'];
  readonly openDays: readonly string[];
  readonly onChange: (openDays: string[]) => void;
};

/** The public holidays to come; those with their mark are closed. */
export function HolidayList({ holidays, openDays, onChange }: ListProps) {
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1.5 text-ink-3 text-sm">{t('opening.holidays.help')}</legend>
      {holidays.map(({ date, name }) => (
        <label key={`${date} ${name}`} className="flex min-h-8 items-center gap-2.5 text-sm max-md:min-h-11">
          <input
            type="checkbox"
            className="size-4 accent-action"
            checked={!openDays.includes(date)}
            onChange={(event) =>
              onChange(event.target.checked ? openDays.filter((day) => day !== date) : [...openDays, date])
            }
          />
          <span className="num w-28 shrink-0 text-ink-2">{formatDateSoon(date)}</span>
          <span dir="auto">{tr(name)}</span>
        </label>
      ))}
    </fieldset>
  );
}
