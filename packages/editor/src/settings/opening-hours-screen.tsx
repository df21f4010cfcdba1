import type { OpeningHoursDocument } from '@signalbox/engine/access/contract';
import { queryOptions, useMutation, useQuery } from '@tanstack/react-query';
import { DoorClosed, DoorOpen } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import type { FlowProblem } from '../flow-model/flow-problems.ts';
import { hoursOf, control as weekHours } from '../forms/week-hours.control.tsx';
import { ApiError, problemFrom, request } from '../lib/api.ts';
import { formNote } from '../lib/form-problems.ts';
import { formatExact } from '../lib/format.ts';
import { queryClient } from '../lib/queries.ts';
import { t, tOpen, tr } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Field, FormProblem } from '../ui/field.tsx';
import { Section } from '../ui/section.tsx';
import { Select } from '../ui/select.tsx';
import { Signal } from '../ui/signal.tsx';
import { ErrorState, Skeleton } from '../ui/states.tsx';
import { Toggle } from '../ui/toggle.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { ClosedDays } from './closed-days.tsx';
import { HolidayList } from './holiday-list.tsx';

const openingHoursQuery = queryOptions({
  queryKey: ['opening-hours'],
  queryFn: ({ signal }) => request<OpeningHoursDocument>('GET', '/opening-hours', { signal }),
});

/** What people set. */
type Settings = Pick<OpeningHoursDocument, 'holidays' | 'region' | 'closed_days' | 'open_days'> & {
  readonly hours: ReturnType<typeof hoursOf>;
};

const { component: WeekHoursControl } = weekHours;
const wholeCountry = 'country';

/** When somebody is there to answer. */
export function OpeningHoursScreen() {
  const opening = useQuery(openingHoursQuery);
  return (
    <>
      <TopBar title={<ScreenTitle>{t('opening.title')}</ScreenTitle>} pageTitle={t('opening.title')} />
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-3xl flex-col gap-4 px-4 py-5 md:px-8 md:py-7">
          {opening.isPending ? <Skeleton className="h-120" /> : null}
          {opening.isError ? (
            <ErrorState problem={problemFrom(opening.error)} onRetry={() => void opening.refetch()} />
          ) : null}
          {opening.data === undefined ? null : <OpeningHoursForm opening={opening.data} />}
        </div>
      </div>
    </>
  );
}

function isDocument(value: unknown): value is OpeningHoursDocument {
  return typeof value === 'object' && value !== null && 'public_holidays' in value;
}

const keep = (next: OpeningHoursDocument) => queryClient.setQueryData(openingHoursQuery.queryKey, next);

function OpeningHoursForm({ opening }: { readonly opening: OpeningHoursDocument }) {
  const [edits, setEdits] = useState<Partial<Settings>>({});
  const settings: Settings = { ...opening, ...edits };
  const edited = Object.keys(edits).length > 0;
  const edit = (part: Partial<Settings>) => setEdits((old) => ({ ...old, ...part }));
  const save = useMutation({
    mutationFn: () =>
      request<OpeningHoursDocument>('PATCH', '/opening-hours', { body: edits, revision: opening.revision }),
    onSuccess: (next) => {
      keep(next);
      setEdits({});
      toast.success(t('opening.saved'));
    },
    onError: (error) => {
      if (error instanceof ApiError && error.problem.status === 412 && isDocument(error.problem.current))
        keep(error.problem.current);
    },
  });
  const problem = save.isError ? problemFrom(save.error) : null;
  const problems = (problem?.errors ?? []).map(
    ({ path, code, message }): FlowProblem => ({
      code,
      severity: 'error',
      stepId: null,
      path: [...path],
      title: tr(message),
      action: '',
    }),
  );
  const within = (name: string) =>
    problems.filter(({ path }) => path[0] === name).map((each) => ({ ...each, path: each.path.slice(1) }));
  const note = formNote(
    problem,
    problems.map(({ path }) => path.join('.')),
    { title: t('opening.changed_elsewhere'), action: t('opening.save_again') },
  );
  return (
    <form
      className="flex flex-col gap-4"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (edited) save.mutate();
      }}
    >
      <div className="flex flex-wrap items-center gap-3">
        <p className="min-w-0 flex-1 basis-60 text-pretty text-ink-2 text-sm">
          {t('opening.intro', { zone: opening.time_zone })}
        </p>
        <Signal tone={opening.is_open ? 'live' : 'calm'} icon={opening.is_open ? DoorOpen : DoorClosed}>
          {t(opening.is_open ? 'opening.open_now' : 'opening.closed_now')}
        </Signal>
        {opening.is_open || opening.opens_at === null ? null : (
          <p className="text-ink-2 text-sm">{t('opening.opens_at', { at: formatExact(opening.opens_at) })}</p>
        )}
      </div>
      <FormProblem note={note} />
      <Section title={t('opening.hours')} text={t('opening.hours.help')}>
        <WeekHoursControl
          id="opening-hours"
          label={t('opening.hours')}
          ui={null}
          schema={{}}
          value={settings.hours}
          beside={() => undefined}
          problems={within('hours')}
          disabled={false}
          onChange={(hours) => edit({ hours: hoursOf(hours) })}
        />
      </Section>
      <Section title={t('opening.public_holidays')}>
        <div className="flex flex-col gap-4">
          <Toggle
            id="opening-holidays"
            label={t('opening.holidays')}
            checked={settings.holidays}
            onChange={(holidays) => edit({ holidays })}
            {...(opening.public_holidays.length === 0 ? { help: t('opening.holidays.unknown') } : {})}
          />
          {settings.holidays && opening.regions.length > 0 ? (
            <Field id="opening-region" label={t('opening.region')}>
              <Select
                id="opening-region"
                label={t('opening.region')}
                value={settings.region ?? wholeCountry}
                choices={[
                  { value: wholeCountry, label: t('opening.region.none') },
                  ...opening.regions.map((region) => ({ value: region, label: tOpen(`region.${region}`, region) })),
                ]}
                onChange={(region) => edit({ region: region === wholeCountry ? null : region })}
              />
            </Field>
          ) : null}
          {settings.holidays && opening.public_holidays.length > 0 ? (
            <HolidayList
              holidays={opening.public_holidays}
              openDays={settings.open_days}
              onChange={(open_days) => edit({ open_days })}
            />
          ) : null}
        </div>
      </Section>
      <Section title={t('opening.days')} text={t('opening.days.help')}>
        <ClosedDays
          days={settings.closed_days}
          problems={within('closed_days')}
          onChange={(closed_days) => edit({ closed_days })}
        />
      </Section>
      <div className="flex gap-2">
        <Button kind={edited ? 'primary' : 'plain'} type="submit" disabled={!edited || save.isPending}>
          {t('opening.save')}
        </Button>
        {edited ? (
          <Button
            onClick={() => {
              save.reset();
              setEdits({});
            }}
          >
            {t('action.discard')}
          </Button>
        ) : null}
      </div>
    </form>
  );
}
