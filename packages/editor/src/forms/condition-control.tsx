import { FolderPlus, Plus, Trash2 } from 'lucide-react';
import type { FlowProblem } from '../flow-model/flow-problems.ts';
import { cn } from '../lib/cn.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { FieldProblem } from '../ui/field.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Select } from '../ui/select.tsx';
import { ComparisonRow } from './comparison-row.tsx';
import { type Draft, emptyComparison, type GroupMode, readCondition, writeCondition } from './condition-model.ts';
import { type ControlProps, problemsAt } from './control-props.ts';

const deepest = 4;
const isMode = (value: string): value is GroupMode => ['all', 'any', 'none', 'not_all'].includes(value);

/** A condition over the contact, the reply and the event: comparisons in groups of all, any or none. */
export function ConditionControl({ id, label, value, onChange, problems, disabled }: ControlProps) {
  const draft = readCondition(value);
  const change = (next: Draft) => onChange(writeCondition(next));
  const extend = (part: Draft) => change({ kind: 'group', mode: 'all', parts: [draft, part] });
  return (
    <div id={id} className="flex flex-col gap-2">
      {draft.kind === 'group' ? (
        <Group draft={draft} label={label} onChange={change} disabled={disabled} problems={problems} depth={1} />
      ) : (
        <>
          <ComparisonRow draft={draft} label={label} onChange={change} disabled={disabled} onRemove={null} />
          <Notes problems={problems} />
          {disabled ? null : (
            <Button kind="ghost" size="sm" className="self-start" onClick={() => extend(emptyComparison)}>
              <Plus aria-hidden />
              {t('condition.add')}
            </Button>
          )}
        </>
      )}
    </div>
  );
}

/** Where a part of a group stands in what is written. */
function pathOf({ mode, parts }: Extract<Draft, { kind: 'group' }>, index: number): ReadonlyArray<string | number> {
  if (mode === 'all' || mode === 'any') return [mode, index];
  if (mode === 'not_all') return ['not', 'all', index];
  return parts.length === 1 ? ['not'] : ['not', 'any', index];
}

/** The problems that stand at no part of a group. */
const ofGroup = (draft: Extract<Draft, { kind: 'group' }>, problems: readonly FlowProblem[]): readonly FlowProblem[] =>
  problems.filter((problem) =>
    draft.parts.every((_, index) => problemsAt([problem], ...pathOf(draft, index)).length === 0),
  );

function Notes({ problems }: { readonly problems: readonly FlowProblem[] }) {
  return problems.map((problem) => <FieldProblem key={`${problem.code}${problem.path.join('.')}`} note={problem} />);
}

type GroupProps = {
  readonly draft: Extract<Draft, { kind: 'group' }>;
  readonly label: string;
  readonly onChange: (draft: Draft) => void;
  readonly onRemove?: () => void;
  readonly disabled: boolean;
  readonly problems: readonly FlowProblem[];
  readonly depth: number;
};

function Group({ draft, label, onChange, onRemove, disabled, problems, depth }: GroupProps) {
  const set = (index: number, part: Draft | null) => {
    const parts = part === null ? draft.parts.filter((_, at) => at !== index) : draft.parts.with(index, part);
    const [only] = parts;
    if (only === undefined) onChange(emptyComparison);
    else
      onChange(
        parts.length === 1 && depth === 1 && draft.mode !== 'none' && draft.mode !== 'not_all'
          ? only
          : { ...draft, parts },
      );
  };
  return (
    <div className={cn('flex flex-col gap-2.5 border-line border-l-2 pl-3', depth > 1 && 'ml-0.5')}>
      <div className="flex items-center gap-2">
        <Select
          label={t('condition.mode', { field: label })}
          className="w-auto"
          value={draft.mode}
          disabled={disabled}
          onChange={(mode) => isMode(mode) && onChange({ ...draft, mode })}
          choices={[
            { value: 'all', label: t('condition.all') },
            { value: 'any', label: t('condition.any') },
            { value: 'none', label: t('condition.none') },
            { value: 'not_all', label: t('condition.not_all') },
          ]}
        />
        <span className="flex-1" />
        {onRemove === undefined || disabled ? null : (
          <IconButton icon={Trash2} label={t('condition.remove_group')} size="icon-sm" onClick={onRemove} />
        )}
      </div>
      {draft.parts.map((part, index) =>
        part.kind === 'group' ? (
          <Group
            // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity of their own
            key={index}
            draft={part}
            label={label}
            onChange={(next) => set(index, next)}
            onRemove={() => set(index, null)}
            disabled={disabled}
            problems={problemsAt(problems, ...pathOf(draft, index))}
            depth={depth + 1}
          />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity of their own
          <div key={index} className="flex flex-col gap-1">
            <ComparisonRow
              draft={part}
              label={label}
              onChange={(next) => set(index, next)}
              disabled={disabled}
              onRemove={() => set(index, null)}
            />
            <Notes problems={problemsAt(problems, ...pathOf(draft, index))} />
          </div>
        ),
      )}
      <Notes problems={ofGroup(draft, problems)} />
      {disabled ? null : (
        <div className="flex gap-1">
          <Button
            kind="ghost"
            size="sm"
            onClick={() => onChange({ ...draft, parts: [...draft.parts, emptyComparison] })}
          >
            <Plus aria-hidden />
            {t('condition.add')}
          </Button>
          {depth < deepest ? (
            <Button
              kind="ghost"
              size="sm"
              onClick={() =>
                onChange({
                  ...draft,
                  parts: [
                    ...draft.parts,
                    { kind: 'group', mode: draft.mode === 'any' ? 'all' : 'any', parts: [emptyComparison] },
                  ],
                })
              }
            >
              <FolderPlus aria-hidden />
              {t('condition.add_group')}
            </Button>
          ) : null}
        </div>
      )}
    </div>
  );
}
