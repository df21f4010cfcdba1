import type { RoutesDocument, SenderDocument } from '@signalbox/engine/routing/contract';
import { purposes } from '@signalbox/nodes/define/ports';
import { useMutation } from '@tanstack/react-query';
import { ArrowDown, ArrowUp, GripVertical, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { ApiError, problemFrom, request } from '../lib/api.ts';
import { formNote } from '../lib/form-problems.ts';
import { queryClient } from '../lib/queries.ts';
import { t, tOpen } from '../lib/translate.ts';
import { countryChoices } from '../people/country-choices.ts';
import { countryName } from '../people/country-name.ts';
import { senderName } from '../people/sender-name.ts';
import { Button } from '../ui/button.tsx';
import { Combobox } from '../ui/combobox.tsx';
import { Field, FieldProblem } from '../ui/field.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Input } from '../ui/input.tsx';
import { Section } from '../ui/section.tsx';
import { Select } from '../ui/select.tsx';
import { routesQuery } from './queries.ts';

type StoredRoute = RoutesDocument['data'][number];
/** A route as it is edited: `key` tells it from others before it has an id. */
type Draft = Omit<StoredRoute, 'id'> & { readonly id?: string; readonly key: string };

const draftsOf = ({ data }: RoutesDocument): Draft[] => data.map((route) => ({ ...route, key: route.id }));

function isRoutes(value: unknown): value is RoutesDocument {
  return typeof value === 'object' && value !== null && 'data' in value && 'revision' in value;
}

/** The entry at one place of a list, put before another place. */
function moved<Item>(list: readonly Item[], from: number, to: number): Item[] {
  const item = list[from];
  return item === undefined ? [...list] : list.toSpliced(from, 1).toSpliced(to, 0, item);
}

/** The routes in the order in which they are tried: edited together, saved together. */
export function RouteTable({
  senders,
  routes,
}: {
  readonly senders: readonly SenderDocument[];
  readonly routes: RoutesDocument;
}) {
  const [edits, setEdits] = useState<readonly Draft[] | null>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  const drafts = edits ?? draftsOf(routes);
  const keep = (next: RoutesDocument) => queryClient.setQueryData(routesQuery.queryKey, next);
  const save = useMutation({
    mutationFn: () =>
      request<RoutesDocument>('PATCH', '/routes', {
        revision: routes.revision,
        body: { routes: drafts.map(({ key: _key, ...route }) => route) },
      }),
    onSuccess: (next) => {
      keep(next);
      setEdits(null);
      toast.success(t('routing.routes.saved'));
    },
    onError: (error) => {
      if (error instanceof ApiError && error.problem.status === 412 && isRoutes(error.problem.current))
        keep(error.problem.current);
    },
  });
  const problem = save.isError ? problemFrom(save.error) : null;
  const errors = problem?.errors ?? [];
  const above = formNote(
    problem,
    errors.map(({ path }) => path.join('.')),
    { title: t('routing.changed_elsewhere'), action: t('routing.save_again') },
  );
  const change = (next: readonly Draft[]) => {
    save.reset();
    setEdits(next);
  };
  const add = () => {
    const key = `new-${drafts.length}-${drafts.map((draft) => draft.key).join()}`;
    const first = senders[0];
    change([
      ...drafts,
      {
        key,
        name: t('routing.routes.new_name', { n: drafts.length + 1 }),
        countries: [],
        purposes: [],
        mode: 'order',
        senders: first === undefined ? [] : [{ sender_id: first.id, weight: 1 }],
      },
    ]);
  };
  return (
    <Section
      title={t('routing.routes')}
      text={t('routing.routes.text')}
      actions={
        <Button size="sm" disabled={senders.length === 0} onClick={add}>
          <Plus aria-hidden />
          {t('routing.routes.add')}
        </Button>
      }
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        {above === null ? null : (
          <div role="alert" className="mb-3">
            <FieldProblem note={above} />
          </div>
        )}
        {drafts.length === 0 ? <p className="text-ink-2 text-sm">{t('routing.routes.none')}</p> : null}
        <ol aria-label={t('routing.routes')} className="flex flex-col gap-3">
          {drafts.map((draft, index) => (
            <li
              key={draft.key}
              onDragOver={(event) => {
                if (dragged !== null) event.preventDefault();
              }}
              onDrop={(event) => {
                event.preventDefault();
                if (dragged !== null) change(moved(drafts, dragged, index));
                setDragged(null);
              }}
              className="rounded-md border border-line bg-raised p-3"
            >
              <RouteForm
                draft={draft}
                senders={senders}
                place={index}
                last={index === drafts.length - 1}
                notes={errors.filter(({ path }) => path[0] === 'routes' && path[1] === index)}
                onChange={(next) => change(drafts.with(index, next))}
                onRemove={() => change(drafts.toSpliced(index, 1))}
                onMove={(to) => change(moved(drafts, index, to))}
                onDragStart={() => setDragged(index)}
                onDragEnd={() => setDragged(null)}
              />
            </li>
          ))}
        </ol>
        {edits === null ? null : (
          <div className="mt-4 flex gap-2">
            <Button kind="primary" type="submit" disabled={save.isPending}>
              {t('routing.routes.save')}
            </Button>
            <Button
              onClick={() => {
                save.reset();
                setEdits(null);
              }}
            >
              {t('action.discard')}
            </Button>
          </div>
        )}
      </form>
    </Section>
  );
}

type RouteFormProps = {
  readonly draft: Draft;
  readonly senders: readonly SenderDocument[];
  readonly place: number;
  readonly last: boolean;
  readonly notes: ReadonlyArray<{ readonly path: ReadonlyArray<string | number>; readonly message: string }>;
  readonly onChange: (next: Draft) => void;
  readonly onRemove: () => void;
  readonly onMove: (to: number) => void;
  readonly onDragStart: () => void;
  readonly onDragEnd: () => void;
};

/** One route: whom it is for and what it sends from. */
function RouteForm({
  draft,
  senders,
  place,
  last,
  notes,
  onChange,
  onRemove,
  onMove,
  onDragStart,
  onDragEnd,
}: RouteFormProps) {
  const id = `route-${place}`;
  const left = senders.filter((sender) => !draft.senders.some(({ sender_id }) => sender_id === sender.id));
  const nameOf = (senderId: string) => {
    const sender = senders.find((each) => each.id === senderId);
    return sender === undefined ? senderId : senderName(sender.address);
  };
  const setMembers = (members: Draft['senders']) => onChange({ ...draft, senders: members });
  const flip = (purpose: (typeof purposes)[number]) =>
    draft.purposes.includes(purpose)
      ? draft.purposes.filter((other) => other !== purpose)
      : [...draft.purposes, purpose];
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-center gap-1.5">
        <span
          aria-hidden
          draggable
          onDragStart={onDragStart}
          onDragEnd={onDragEnd}
          className="cursor-grab text-ink-3 max-md:hidden"
        >
          <GripVertical className="size-4" />
        </span>
        <Input
          id={`${id}-name`}
          aria-label={t('routing.route.name', { n: place + 1 })}
          value={draft.name}
          maxLength={80}
          onChange={(event) => onChange({ ...draft, name: event.target.value })}
        />
        <IconButton
          icon={ArrowUp}
          size="icon-sm"
          label={t('routing.route.up', { name: draft.name })}
          disabled={place === 0}
          onClick={() => onMove(place - 1)}
        />
        <IconButton
          icon={ArrowDown}
          size="icon-sm"
          label={t('routing.route.down', { name: draft.name })}
          disabled={last}
          onClick={() => onMove(place + 1)}
        />
        <IconButton
          icon={Trash2}
          size="icon-sm"
          label={t('routing.route.remove', { name: draft.name })}
          onClick={onRemove}
        />
      </div>
      {notes.map(({ path, message }) => (
        <FieldProblem key={path.join('.')} note={{ severity: 'error', title: message, action: '' }} />
      ))}
      <div className="grid gap-3 sm:grid-cols-2">
        <Field id={`${id}-country`} label={t('routing.route.countries')} group>
          <div className="flex flex-col gap-1.5">
            {draft.countries.length === 0 ? (
              <p className="text-ink-3 text-sm">{t('routing.route.everywhere')}</p>
            ) : (
              <ul className="flex flex-wrap gap-1.5">
                {draft.countries.map((code) => (
                  <li key={code}>
                    <Button
                      size="sm"
                      aria-label={t('form.remove_keyword', { word: countryName(code) })}
                      onClick={() => onChange({ ...draft, countries: draft.countries.filter((each) => each !== code) })}
                    >
                      {countryName(code)} <span aria-hidden>×</span>
                    </Button>
                  </li>
                ))}
              </ul>
            )}
            <Combobox
              id={`${id}-country`}
              label={t('form.add_country')}
              value=""
              choices={countryChoices.filter(({ value }) => !draft.countries.includes(value))}
              onChange={(code) => onChange({ ...draft, countries: [...draft.countries, code] })}
              placeholder={t('form.add_country')}
              search={t('form.search_country')}
            />
          </div>
        </Field>
        <fieldset>
          <legend className="mb-1 font-medium text-sm">{t('routing.route.purposes')}</legend>
          <div className="flex flex-wrap gap-1.5">
            {purposes.map((purpose) => (
              <Button
                key={purpose}
                size="sm"
                aria-pressed={draft.purposes.includes(purpose)}
                className="aria-pressed:border-action aria-pressed:bg-action-soft aria-pressed:text-action"
                onClick={() => onChange({ ...draft, purposes: flip(purpose) })}
              >
                {t(`message.purpose.${purpose}`)}
              </Button>
            ))}
          </div>
          {draft.purposes.length === 0 ? (
            <p className="mt-1 text-ink-3 text-sm">{t('routing.route.every_purpose')}</p>
          ) : null}
        </fieldset>
      </div>
      <Field id={`${id}-mode`} label={t('routing.route.mode')}>
        <Select
          id={`${id}-mode`}
          label={t('routing.route.mode')}
          value={draft.mode}
          choices={[
            { value: 'order', label: t('routing.mode.order') },
            { value: 'weight', label: t('routing.mode.weight') },
          ]}
          onChange={(mode) => onChange({ ...draft, mode: mode === 'weight' ? 'weight' : 'order' })}
        />
      </Field>
      <ol aria-label={t('routing.route.senders', { name: draft.name })} className="flex flex-col gap-1.5">
        {draft.senders.map(({ sender_id, weight }, index) => (
          <li key={sender_id} className="flex items-center gap-1.5">
            <bdi className="num min-w-0 flex-1 truncate text-sm">{nameOf(sender_id)}</bdi>
            {draft.mode === 'weight' ? (
              <Input
                type="number"
                inputMode="numeric"
                min={1}
                max={100}
                className="num w-20 shrink-0"
                aria-label={t('routing.route.weight', { sender: nameOf(sender_id) })}
                value={Number.isNaN(weight) ? '' : String(weight)}
                onChange={(event) =>
                  setMembers(draft.senders.with(index, { sender_id, weight: event.target.valueAsNumber }))
                }
              />
            ) : (
              <IconButton
                icon={ArrowUp}
                size="icon-sm"
                label={t('routing.route.up', { name: nameOf(sender_id) })}
                disabled={index === 0}
                onClick={() => setMembers(moved(draft.senders, index, index - 1))}
              />
            )}
            <IconButton
              icon={Trash2}
              size="icon-sm"
              label={t('routing.route.remove', { name: nameOf(sender_id) })}
              disabled={draft.senders.length === 1}
              onClick={() => setMembers(draft.senders.toSpliced(index, 1))}
            />
          </li>
        ))}
      </ol>
      {left.length === 0 ? null : (
        <Select
          label={t('routing.route.add_sender')}
          placeholder={t('routing.route.add_sender')}
          value=""
          choices={left.map((sender) => ({
            value: sender.id,
            label: senderName(sender.address),
            help: sender.account.name,
          }))}
          onChange={(senderId) => setMembers([...draft.senders, { sender_id: senderId, weight: 1 }])}
        />
      )}
      <p className="text-ink-3 text-sm">{tOpen(`routing.mode.${draft.mode}.text`, '')}</p>
    </div>
  );
}
