import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import { isRecord } from '../flow-model/json-schema.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { FieldProblem } from '../ui/field.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Input } from '../ui/input.tsx';
import { ConditionControl } from './condition-control.tsx';
import { type Control, type ControlDeclaration, type ControlProps, problemsAt } from './control-props.ts';

type Branch = { readonly id: string; readonly label: string; readonly condition: unknown };

function readBranches(value: unknown): Branch[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map((each) => ({
    id: String(each.id ?? ''),
    label: typeof each.label === 'string' ? each.label : '',
    condition: each.condition,
  }));
}

/** An id that outlives every change of the label. */
function freshId(branches: readonly Branch[]): string {
  for (let n = branches.length + 1; ; n += 1) {
    const id = `way_${n}`;
    if (!branches.some((branch) => branch.id === id)) return id;
  }
}

/** Ways to go, tried from the top, each with a name and a condition. */
function BranchesControl({ id, beside, ui, schema, value, onChange, problems, disabled }: ControlProps) {
  const branches = readBranches(value);
  const set = (index: number, part: Partial<Branch>) => {
    const old = branches[index];
    if (old !== undefined) onChange(branches.with(index, { ...old, ...part }));
  };
  const move = (index: number, by: number) => {
    const moved = branches[index];
    if (moved === undefined) return;
    const rest = branches.filter((_, at) => at !== index);
    onChange(rest.toSpliced(index + by, 0, moved));
  };
  return (
    <div id={id} className="flex flex-col gap-3">
      {branches.map((branch, index) => {
        const name = branch.label === '' ? t('branches.unnamed', { n: index + 1 }) : branch.label;
        const own = problemsAt(problems, index);
        return (
          <section
            key={branch.id}
            aria-label={name}
            className="flex flex-col gap-2 rounded-lg border border-line bg-raised p-3"
          >
            <div className="flex items-center gap-1">
              <Input
                id={`${id}-${index}-label`}
                aria-label={t('branches.name', { n: index + 1 })}
                value={branch.label}
                maxLength={40}
                disabled={disabled}
                placeholder={t('branches.name_hint')}
                aria-invalid={problemsAt(own, 'label').length > 0 || undefined}
                onChange={(event) => set(index, { label: event.target.value })}
                className="font-medium"
              />
              {disabled ? null : (
                <>
                  <IconButton
                    icon={ArrowUp}
                    size="icon-sm"
                    label={t('branches.up', { branch: name })}
                    disabled={index === 0}
                    onClick={() => move(index, -1)}
                  />
                  <IconButton
                    icon={ArrowDown}
                    size="icon-sm"
                    label={t('branches.down', { branch: name })}
                    disabled={index === branches.length - 1}
                    onClick={() => move(index, 1)}
                  />
                  <IconButton
                    icon={Trash2}
                    size="icon-sm"
                    label={t('branches.remove', { branch: name })}
                    disabled={branches.length === 1}
                    onClick={() => onChange(branches.filter((_, at) => at !== index))}
                  />
                </>
              )}
            </div>
            {problemsAt(own, 'label').map((problem) => (
              <FieldProblem key={problem.title} note={problem} />
            ))}
            <ConditionControl
              beside={beside}
              id={`${id}-${index}-condition`}
              label={name}
              ui={ui}
              schema={schema}
              value={branch.condition}
              onChange={(condition) => set(index, { condition })}
              problems={problemsAt(own, 'condition')}
              disabled={disabled}
            />
          </section>
        );
      })}
      {disabled ? null : (
        <Button
          size="sm"
          className="self-start"
          onClick={() =>
            onChange([
              ...branches,
              { id: freshId(branches), label: '', condition: { field: 'reply.text', op: 'contains', value: '' } },
            ])
          }
        >
          <Plus aria-hidden />
          {t('branches.add')}
        </Button>
      )}
    </div>
  );
}

export const declared = {
  name: 'branches',
  draws: ['list of {condition, id, label}'],
  blank: [{ id: 'yes', label: 'Yes', condition: { field: 'reply.text', op: 'means_yes' } }],
  group: true,
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: BranchesControl };
