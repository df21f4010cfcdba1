import { Plus, Trash2 } from 'lucide-react';
import { isRecord } from '../flow-model/json-schema.ts';
import { cn } from '../lib/cn.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { FieldProblem } from '../ui/field.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Input } from '../ui/input.tsx';
import { type Control, type ControlDeclaration, type ControlProps, problemsAt } from './control-props.ts';

type Share = { readonly id: string; readonly label: string; readonly percent: number | null };

function readShares(value: unknown): Share[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map((each) => ({
    id: String(each.id ?? ''),
    label: typeof each.label === 'string' ? each.label : '',
    percent: typeof each.percent === 'number' ? each.percent : null,
  }));
}

/** An id that outlives every change of the label. */
function freshId(shares: readonly Share[]): string {
  for (let n = shares.length + 1; ; n += 1) if (!shares.some((share) => share.id === `share_${n}`)) return `share_${n}`;
}

/** 100 percent in equal whole parts; the first ones take what is left over. */
function spread(shares: readonly Share[]): Share[] {
  const each = Math.floor(100 / shares.length);
  const over = 100 - each * shares.length;
  return shares.map((share, index) => ({ ...share, percent: each + (index < over ? 1 : 0) }));
}

/** Percentages that add up to 100, each with a name. */
function SharesControl({ id, value, onChange, problems, disabled }: ControlProps) {
  const shares = readShares(value);
  const sum = shares.reduce((total, share) => total + (share.percent ?? 0), 0);
  const set = (index: number, part: Partial<Share>) => {
    const old = shares[index];
    if (old !== undefined) onChange(shares.with(index, { ...old, ...part }));
  };
  return (
    <div id={id} className="flex flex-col gap-1.5">
      {shares.map((share, index) => (
        <div key={share.id} className="flex flex-col gap-1">
          <div className="flex items-center gap-1.5">
            <Input
              id={`${id}-${index}-label`}
              aria-label={t('shares.name', { n: index + 1 })}
              value={share.label}
              maxLength={40}
              disabled={disabled}
              onChange={(event) => set(index, { label: event.target.value })}
            />
            <Input
              id={`${id}-${index}-percent`}
              aria-label={t('shares.percent', { n: index + 1 })}
              type="number"
              inputMode="numeric"
              min={0}
              max={100}
              className="num w-20 shrink-0"
              value={share.percent === null ? '' : String(share.percent)}
              disabled={disabled}
              onChange={(event) =>
                set(index, { percent: event.target.value === '' ? null : event.target.valueAsNumber })
              }
            />
            <span aria-hidden className="text-ink-2">
              %
            </span>
            {disabled ? null : (
              <IconButton
                icon={Trash2}
                size="icon-sm"
                label={t('form.remove_row', { n: index + 1 })}
                disabled={shares.length <= 2}
                onClick={() => onChange(shares.filter((_, at) => at !== index))}
              />
            )}
          </div>
          {problemsAt(problems, index).map((problem) => (
            <FieldProblem key={problem.title} note={problem} />
          ))}
        </div>
      ))}
      <output className={cn('num text-sm', sum === 100 ? 'text-ink-2' : 'text-stop')}>
        {t(sum === 100 ? 'shares.whole' : 'shares.off', { sum })}
      </output>
      {disabled ? null : (
        <div className="flex gap-2">
          <Button
            size="sm"
            onClick={() => onChange([...shares, { id: freshId(shares), label: '', percent: Math.max(0, 100 - sum) }])}
          >
            <Plus aria-hidden />
            {t('shares.add')}
          </Button>
          <Button size="sm" onClick={() => onChange(spread(shares))}>
            {t('shares.spread')}
          </Button>
        </div>
      )}
    </div>
  );
}

export const declared = {
  name: 'shares',
  draws: ['list of {id, label, percent}'],
  blank: [
    { id: 'share_1', label: 'A', percent: 50 },
    { id: 'share_2', label: 'B', percent: 50 },
  ],
  group: true,
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: SharesControl };
