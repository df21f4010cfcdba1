import { Command } from 'cmdk';
import { Check, ChevronsUpDown } from 'lucide-react';
import { useState } from 'react';
import { cn } from '../lib/cn.ts';
import { t } from '../lib/translate.ts';
import { inputLook } from './input.tsx';
import { Popover } from './popover.tsx';
import type { Choice } from './select.tsx';

type ComboboxProps = {
  readonly id?: string;
  readonly label: string;
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onChange: (value: string) => void;
  readonly placeholder: string;
  readonly search: string;
  readonly invalid?: boolean | undefined;
  readonly disabled?: boolean | undefined;
  /** Takes a text that is not among the choices. */
  readonly free?: ((text: string) => Choice | null) | undefined;
};

const shown = 60;

/** One of many choices, found by typing. */
export function Combobox({
  id,
  label,
  value,
  choices,
  onChange,
  placeholder,
  search,
  invalid = false,
  disabled = false,
  free,
}: ComboboxProps) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const needle = text.trim().toLowerCase();
  const matching = choices
    .filter((choice) => `${choice.label} ${choice.value}`.toLowerCase().includes(needle))
    .slice(0, shown);
  const extra = free?.(text.trim()) ?? null;
  const current = choices.find((choice) => choice.value === value)?.label ?? value;
  const choose = (next: string) => {
    onChange(next);
    setOpen(false);
    setText('');
  };
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label={label}
      className="w-(--radix-popover-trigger-width) min-w-64 overflow-hidden"
      trigger={
        <button
          type="button"
          id={id}
          role="combobox"
          aria-expanded={open}
          aria-label={label}
          aria-invalid={invalid || undefined}
          disabled={disabled}
          className={cn(inputLook, 'flex h-9 items-center justify-between gap-2 text-left max-md:h-11')}
        >
          <span dir="auto" className={cn('truncate', value === '' && 'text-ink-3')}>
            {value === '' ? placeholder : current}
          </span>
          <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-ink-3" />
        </button>
      }
    >
      <Command shouldFilter={false} label={label}>
        <Command.Input
          dir="auto"
          autoFocus
          value={text}
          onValueChange={setText}
          placeholder={search}
          className="h-10 w-full border-line border-b bg-transparent px-3 text-base outline-none placeholder:text-ink-3"
        />
        <Command.List label={t('search.choices')} className="thin-scroll max-h-72 overflow-y-auto p-1">
          <Command.Empty className="px-3 py-4 text-center text-ink-3 text-sm">{t('search.nothing')}</Command.Empty>
          {[...matching, ...(extra === null ? [] : [extra])].map((choice) => (
            <Command.Item
              key={choice.value}
              value={choice.value}
              onSelect={() => choose(choice.value)}
              className="flex cursor-pointer items-center gap-2 rounded-md px-2 py-1.5 text-base data-[selected=true]:bg-hover max-md:min-h-11"
            >
              <Check aria-hidden className={cn('size-4 shrink-0 text-action', choice.value !== value && 'invisible')} />
              <span dir="auto" className="min-w-0 flex-1 truncate">
                {choice.label}
              </span>
              {choice.help === undefined ? null : (
                <span className="num shrink-0 text-ink-3 text-sm">{choice.help}</span>
              )}
            </Command.Item>
          ))}
        </Command.List>
      </Command>
    </Popover>
  );
}
