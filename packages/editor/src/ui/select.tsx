import { Check, ChevronDown } from 'lucide-react';
import { Select as Radix } from 'radix-ui';
import { cn } from '../lib/cn.ts';
import { inputLook } from './input.tsx';

export type Choice = { readonly value: string; readonly label: string; readonly help?: string | undefined };

type SelectProps = {
  readonly id?: string;
  readonly label: string;
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onChange: (value: string) => void;
  readonly disabled?: boolean | undefined;
  readonly invalid?: boolean | undefined;
  readonly placeholder?: string;
  readonly className?: string;
};

/** One of a few choices. */
export function Select({
  id,
  label,
  value,
  choices,
  onChange,
  disabled = false,
  invalid = false,
  placeholder,
  className,
}: SelectProps) {
  return (
    <Radix.Root value={value} onValueChange={onChange} disabled={disabled}>
      <Radix.Trigger
        id={id}
        aria-label={label}
        aria-invalid={invalid || undefined}
        className={cn(
          inputLook,
          'flex h-9 items-center justify-between gap-2 text-left data-[placeholder]:text-ink-3 max-md:h-11',
          className,
        )}
      >
        <span dir="auto" className="truncate">
          <Radix.Value placeholder={placeholder} />
        </span>
        <ChevronDown aria-hidden className="size-4 shrink-0 text-ink-3" />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className="thin-scroll z-60 max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) max-w-84 overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-float"
        >
          <Radix.Viewport>
            {choices.map((choice) => (
              <Radix.Item
                key={choice.value}
                value={choice.value}
                className="flex cursor-pointer select-none items-start gap-2 rounded-md px-2 py-1.5 text-base outline-none data-[highlighted]:bg-hover max-md:min-h-11 max-md:items-center"
              >
                <span className="mt-0.5 size-4 shrink-0 text-action">
                  <Radix.ItemIndicator>
                    <Check aria-hidden className="size-4" />
                  </Radix.ItemIndicator>
                </span>
                <span className="min-w-0">
                  <Radix.ItemText>{choice.label}</Radix.ItemText>
                  {choice.help === undefined ? null : <span className="block text-ink-3 text-sm">{choice.help}</span>}
                </span>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
