import type { Problem } from '@signalbox/engine/http/contract';
import { useQuery } from '@tanstack/react-query';
import { fieldNotes } from '../lib/form-problems.ts';
import { formatExact, weekdayName } from '../lib/format.ts';
import { segmentsQuery } from '../lib/segments.ts';
import { t } from '../lib/translate.ts';
import { workspaceQuery } from '../lib/workspace.ts';
import { ZoneField } from '../people/zone-field.tsx';
import { Combobox } from '../ui/combobox.tsx';
import { Field, FieldProblem } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Section } from '../ui/section.tsx';
import { Select } from '../ui/select.tsx';
import { Toggle } from '../ui/toggle.tsx';
import { PaceFields } from './pace-fields.tsx';
import { type Repeat, readRepeat, type Schedule, writeRepeat } from './schedule-words.ts';
import type { Editing } from './use-edits.ts';

const kinds = ['now', 'at', 'local', 'recurring', 'segment'] as const;
type Kind = (typeof kinds)[number];
const isKind = (value: string): value is Kind => kinds.some((kind) => kind === value);

/** Tomorrow, as the clocks here show it. */
function tomorrow(): string {
  const at = new Date(Date.now() + 86_400_000);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

const firstTime = '09:00';
/** Without a choice, people are added to what grows for a week. */
const growsForMs = 7 * 86_400_000;

/** A moment of these clocks as the browser's field for it has it, and back. */
const toField = (iso: string | null): string => {
  if (iso === null) return '';
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};
const fromField = (text: string): string | null => (text === '' ? null : new Date(text).toISOString());

/** When it goes out, how fast, and whether people come to it later. */
export function ScheduleSection({
  editing,
  fixed,
  disabled,
}: {
  readonly editing: Editing;
  /** It is under way: when it goes out stays as it is. */
  readonly fixed: boolean;
  readonly disabled: boolean;
}) {
  const { shown, edit, problem } = editing;
  const { schedule } = shown;
  const zone = useQuery(workspaceQuery).data?.time_zone ?? 'UTC';
  const segments = useQuery(segmentsQuery).data ?? [];
  const set = (next: Schedule) => edit({ schedule: next });
  const begin = (kind: Kind): Schedule => {
    const day =
      'date' in schedule ? { date: schedule.date, time: schedule.time } : { date: tomorrow(), time: firstTime };
    switch (kind) {
      case 'now':
        return { kind };
      case 'at':
        return { kind, ...day, zone };
      case 'local':
        return { kind, ...day };
      case 'recurring':
        return {
          kind,
          cron: writeRepeat({ every: 'week', weekday: 1, time: firstTime }),
          zone,
          ends_at: null,
          missed: 'skip',
        };
      case 'segment':
        return { kind, segment_id: segments[0]?.id ?? '', ends_at: null };
    }
  };
  const usable = kinds.filter((kind) => kind !== 'segment' || segments.length > 0 || schedule.kind === 'segment');
  return (
    <Section title={t('campaigns.schedule')} text={t('campaigns.schedule.text')}>
      <fieldset disabled={disabled} className="flex min-w-0 flex-col gap-4">
        <legend className="sr-only">{t('campaigns.schedule')}</legend>
        <Field
          id="campaign-when"
          label={t('campaigns.schedule.when')}
          help={t(`campaigns.schedule.${schedule.kind}.help`)}
        >
          <Select
            id="campaign-when"
            label={t('campaigns.schedule.when')}
            className="max-w-80"
            disabled={fixed || disabled}
            value={schedule.kind}
            choices={usable.map((kind) => ({ value: kind, label: t(`campaigns.schedule.${kind}`) }))}
            onChange={(kind) => {
              if (isKind(kind)) set(begin(kind));
            }}
          />
        </Field>
        {schedule.kind === 'at' || schedule.kind === 'local' ? (
          <div className="grid gap-4 sm:grid-cols-2">
            <Field id="campaign-date" label={t('campaigns.schedule.date')} notes={fieldNotes(problem, 'schedule.date')}>
              <Input
                id="campaign-date"
                type="date"
                disabled={fixed}
                value={schedule.date}
                onChange={(event) => set({ ...schedule, date: event.target.value })}
              />
            </Field>
            <Field id="campaign-time" label={t('campaigns.schedule.time')} notes={fieldNotes(problem, 'schedule.time')}>
              <Input
                id="campaign-time"
                type="time"
                disabled={fixed}
                value={schedule.time}
                onChange={(event) => set({ ...schedule, time: event.target.value })}
              />
            </Field>
          </div>
        ) : null}
        {schedule.kind === 'recurring' ? (
          <Recurring schedule={schedule} problem={problem} disabled={fixed} onChange={set} />
        ) : null}
        {(schedule.kind === 'at' || schedule.kind === 'recurring') && !fixed ? (
          <ZoneField
            id="campaign-zone"
            value={schedule.zone}
            required=""
            notes={fieldNotes(problem, 'schedule.zone')}
            onChange={(next) => set({ ...schedule, zone: next })}
          />
        ) : null}
        {schedule.kind === 'segment' ? (
          <Field
            id="campaign-segment"
            label={t('campaigns.schedule.which_segment')}
            notes={fieldNotes(problem, 'schedule.segment_id')}
          >
            <Combobox
              id="campaign-segment"
              label={t('campaigns.schedule.which_segment')}
              value={schedule.segment_id}
              disabled={fixed || disabled}
              choices={segments.map(({ id, name }) => ({ value: id, label: name }))}
              onChange={(segmentId) => set({ ...schedule, segment_id: segmentId })}
              placeholder={t('segments.choose')}
              search={t('segments.search')}
            />
          </Field>
        ) : null}
        {schedule.kind === 'segment' || schedule.kind === 'recurring' ? (
          <Field id="campaign-ends" label={t('campaigns.schedule.ends')} help={t('campaigns.schedule.ends.help')}>
            <Input
              id="campaign-ends"
              type="datetime-local"
              className="max-w-60"
              disabled={fixed}
              value={toField(schedule.ends_at)}
              onChange={(event) => set({ ...schedule, ends_at: fromField(event.target.value) })}
            />
          </Field>
        ) : null}
        {fieldNotes(problem, 'schedule').map((note) => (
          <FieldProblem key={note.title} note={note} />
        ))}
        <PaceFields editing={editing} disabled={disabled} />
        {schedule.kind === 'segment' || schedule.kind === 'recurring' ? null : (
          <div className="flex flex-col gap-2">
            <Toggle
              id="campaign-grows"
              label={t('campaigns.grows')}
              help={t('campaigns.grows.help')}
              checked={shown.grows_until !== null}
              onChange={(on) => edit({ grows_until: on ? new Date(Date.now() + growsForMs).toISOString() : null })}
            />
            {shown.grows_until === null ? null : (
              <Field id="campaign-grows-until" label={t('campaigns.grows.until')} help={formatExact(shown.grows_until)}>
                <Input
                  id="campaign-grows-until"
                  type="datetime-local"
                  className="max-w-60"
                  value={toField(shown.grows_until)}
                  onChange={(event) => {
                    const until = fromField(event.target.value);
                    if (until !== null) edit({ grows_until: until });
                  }}
                />
              </Field>
            )}
          </div>
        )}
      </fieldset>
    </Section>
  );
}

type RecurringSchedule = Extract<Schedule, { kind: 'recurring' }>;
const own = 'cron';

/** How often: in words, or as a cron line where those do not do. */
function Recurring({
  schedule,
  problem,
  disabled,
  onChange,
}: {
  readonly schedule: RecurringSchedule;
  readonly problem: Problem | null;
  readonly disabled: boolean;
  readonly onChange: (schedule: RecurringSchedule) => void;
}) {
  const repeat = readRepeat(schedule.cron);
  const write = (next: Repeat) => onChange({ ...schedule, cron: writeRepeat(next) });
  const choose = (every: string) => {
    const time = repeat?.time ?? firstTime;
    if (every === 'day') write({ every, time });
    else if (every === 'week') write({ every, weekday: 1, time });
    else if (every === 'month') write({ every, day: 1, time });
    else onChange({ ...schedule, cron: `${schedule.cron.replace(/^\d+ /, '0,30 ')}` });
  };
  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-4 sm:grid-cols-3">
        <Field id="campaign-repeat" label={t('campaigns.repeat')}>
          <Select
            id="campaign-repeat"
            label={t('campaigns.repeat')}
            disabled={disabled}
            value={repeat?.every ?? own}
            choices={[
              { value: 'day', label: t('campaigns.repeat.day') },
              { value: 'week', label: t('campaigns.repeat.week') },
              { value: 'month', label: t('campaigns.repeat.month') },
              { value: own, label: t('campaigns.repeat.cron') },
            ]}
            onChange={choose}
          />
        </Field>
        {repeat?.every === 'week' ? (
          <Field id="campaign-weekday" label={t('campaigns.repeat.on')}>
            <Select
              id="campaign-weekday"
              label={t('campaigns.repeat.on')}
              disabled={disabled}
              value={String(repeat.weekday)}
              choices={[1, 2, 3, 4, 5, 6, 7].map((day) => ({ value: String(day), label: weekdayName(day, 'long') }))}
              onChange={(day) => write({ ...repeat, weekday: Number(day) })}
            />
          </Field>
        ) : null}
        {repeat?.every === 'month' ? (
          <Field id="campaign-day" label={t('campaigns.repeat.day_of_month')}>
            <Input
              id="campaign-day"
              type="number"
              min={1}
              max={31}
              disabled={disabled}
              value={repeat.day}
              onChange={(event) => write({ ...repeat, day: Math.min(31, Math.max(1, Number(event.target.value))) })}
            />
          </Field>
        ) : null}
        {repeat === null ? (
          <Field id="campaign-cron" label={t('campaigns.repeat.line')} notes={fieldNotes(problem, 'schedule.cron')}>
            <Input
              id="campaign-cron"
              className="font-mono"
              disabled={disabled}
              value={schedule.cron}
              onChange={(event) => onChange({ ...schedule, cron: event.target.value })}
            />
          </Field>
        ) : (
          <Field id="campaign-at" label={t('campaigns.schedule.time')}>
            <Input
              id="campaign-at"
              type="time"
              disabled={disabled}
              value={repeat.time}
              onChange={(event) => write({ ...repeat, time: event.target.value })}
            />
          </Field>
        )}
      </div>
      <Field id="campaign-missed" label={t('campaigns.missed')}>
        <Select
          id="campaign-missed"
          label={t('campaigns.missed')}
          className="max-w-80"
          disabled={disabled}
          value={schedule.missed}
          choices={[
            { value: 'skip', label: t('campaigns.missed.skip') },
            { value: 'send', label: t('campaigns.missed.send') },
          ]}
          onChange={(missed) => onChange({ ...schedule, missed: missed === 'send' ? 'send' : 'skip' })}
        />
      </Field>
    </div>
  );
}
