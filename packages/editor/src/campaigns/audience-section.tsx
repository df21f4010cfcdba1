import type { AudiencePart } from '@signalbox/engine/campaigns/contract';
import type { Problem } from '@signalbox/engine/http/contract';
import { useQuery } from '@tanstack/react-query';
import { Users, X } from 'lucide-react';
import type { FlowProblem } from '../flow-model/flow-problems.ts';
import { ConditionControl } from '../forms/condition-control.tsx';
import { ConditionPlace } from '../forms/condition-place.ts';
import { contactListsQuery } from '../lib/contact-lists.ts';
import { segmentsQuery } from '../lib/segments.ts';
import { t } from '../lib/translate.ts';
import { Combobox } from '../ui/combobox.tsx';
import { FieldProblem } from '../ui/field.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Section } from '../ui/section.tsx';
import type { Editing } from './use-edits.ts';

type Side = 'include' | 'exclude';

/** Somebody has written to us within a month: a condition to begin with. */
const firstCondition = { field: 'messages.received', op: 'happened', within_days: 30 };

/** Who gets it, and who of them is left out. */
export function AudienceSection({ editing, disabled }: { readonly editing: Editing; readonly disabled: boolean }) {
  const { shown, edit, problem } = editing;
  const bySegment = shown.schedule.kind === 'segment';
  const change = (side: Side) => (parts: AudiencePart[]) => edit({ audience: { ...shown.audience, [side]: parts } });
  return (
    <Section title={t('campaigns.audience')} text={t('campaigns.audience.text')}>
      <div className="flex flex-col gap-5">
        {bySegment ? (
          <p className="text-ink-2 text-sm">{t('campaigns.audience.by_segment')}</p>
        ) : (
          <Parts
            side="include"
            parts={shown.audience.include}
            problem={problem}
            disabled={disabled}
            onChange={change('include')}
          />
        )}
        <Parts
          side="exclude"
          parts={shown.audience.exclude}
          problem={problem}
          disabled={disabled}
          onChange={change('exclude')}
        />
      </div>
    </Section>
  );
}

/** What the server objects to in a part, with paths within its condition. */
function problemsOf(problem: Problem | null, side: Side, index?: number): FlowProblem[] {
  const place = ['audience', side, ...(index === undefined ? [] : [index])];
  return (problem?.errors ?? [])
    .filter(({ path }) => place.every((key, at) => path[at] === key) && (index !== undefined || path.length === 2))
    .map(({ path, code, message }) => ({
      code,
      severity: 'error',
      stepId: null,
      path: path.slice(place.length + 1),
      title: message,
      action: '',
    }));
}

function Parts({
  side,
  parts,
  problem,
  disabled,
  onChange,
}: {
  readonly side: Side;
  readonly parts: readonly AudiencePart[];
  readonly problem: Problem | null;
  readonly disabled: boolean;
  readonly onChange: (parts: AudiencePart[]) => void;
}) {
  const segments = useQuery(segmentsQuery).data ?? [];
  const lists = useQuery(contactListsQuery).data ?? [];
  const nameOf = (part: AudiencePart): string => {
    if (part.kind === 'everyone') return t('campaigns.audience.everyone');
    if (part.kind === 'condition') return t('campaigns.audience.condition');
    if (part.kind === 'segment') return segments.find(({ id }) => id === part.segment_id)?.name ?? part.segment_id;
    return lists.find(({ id }) => id === part.list_id)?.name ?? part.list_id;
  };
  const choices = [
    { value: 'everyone', label: t('campaigns.audience.everyone') },
    { value: 'condition', label: t('campaigns.audience.condition') },
    ...segments.map(({ id, name }) => ({ value: id, label: t('campaigns.audience.segment_of', { name }) })),
    ...lists.map(({ id, name, kind }) => ({
      value: id,
      label: t(kind === 'tag' ? 'campaigns.audience.tag_of' : 'campaigns.audience.list_of', { name }),
    })),
  ];
  const partOf = (value: string): AudiencePart => {
    if (value === 'everyone') return { kind: 'everyone' };
    if (value === 'condition') return { kind: 'condition', condition: firstCondition };
    if (value.startsWith('seg_')) return { kind: 'segment', segment_id: value };
    return { kind: lists.find(({ id }) => id === value)?.kind === 'tag' ? 'tag' : 'list', list_id: value };
  };
  const label = t(side === 'include' ? 'campaigns.audience.include' : 'campaigns.audience.exclude');
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1.5 font-medium text-sm">{label}</legend>
      {parts.length === 0 ? (
        <p className="text-ink-3 text-sm">
          {t(side === 'include' ? 'campaigns.audience.nobody' : 'campaigns.audience.nobody_left_out')}
        </p>
      ) : (
        <ul aria-label={label} className="flex flex-col gap-2">
          {parts.map((part, index) => (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity of their own
              key={index}
              className="rounded-md border border-line bg-sunken px-3 py-2"
            >
              <div className="flex items-center gap-2">
                <Users aria-hidden className="size-4 shrink-0 text-ink-3" />
                <span className="min-w-0 flex-1 text-sm">
                  <span
                    className={part.kind === 'everyone' || part.kind === 'condition' ? 'font-medium' : 'text-ink-3'}
                  >
                    {t(`campaigns.part.${part.kind}`)}
                  </span>{' '}
                  {part.kind === 'condition' || part.kind === 'everyone' ? null : (
                    <span dir="auto" className="font-medium [overflow-wrap:anywhere]">
                      {nameOf(part)}
                    </span>
                  )}
                </span>
                {disabled ? null : (
                  <IconButton
                    icon={X}
                    label={t('campaigns.audience.remove', { name: nameOf(part) })}
                    onClick={() => onChange(parts.filter((_, at) => at !== index))}
                  />
                )}
              </div>
              {part.kind === 'condition' ? (
                <div className="mt-2">
                  <ConditionPlace value="segment">
                    <ConditionControl
                      id={`campaign-${side}-${index}`}
                      label={t('campaigns.audience.condition')}
                      ui={null}
                      schema={{}}
                      value={part.condition}
                      beside={() => undefined}
                      onChange={(condition) =>
                        onChange(parts.map((each, at) => (at === index ? { kind: 'condition', condition } : each)))
                      }
                      problems={problemsOf(problem, side, index)}
                      disabled={disabled}
                    />
                  </ConditionPlace>
                </div>
              ) : (
                problemsOf(problem, side, index).map((note) => <FieldProblem key={note.title} note={note} />)
              )}
            </li>
          ))}
        </ul>
      )}
      {problemsOf(problem, side).map((note) => (
        <FieldProblem key={note.title} note={note} />
      ))}
      {disabled ? null : (
        <div className="max-w-80">
          <Combobox
            label={t(side === 'include' ? 'campaigns.audience.add' : 'campaigns.audience.leave_out')}
            value=""
            choices={choices}
            onChange={(value) => onChange([...parts, partOf(value)])}
            placeholder={t(side === 'include' ? 'campaigns.audience.add' : 'campaigns.audience.leave_out')}
            search={t('campaigns.audience.search')}
          />
        </div>
      )}
    </fieldset>
  );
}
