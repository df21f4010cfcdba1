import { Switch } from 'radix-ui';
import type { Control, ControlDeclaration, ControlProps } from './control-props.ts';

/** Yes or no. */
function ToggleControl({ id, label, value, onChange, disabled }: ControlProps) {
  return (
    <Switch.Root
      id={id}
      aria-label={label}
      checked={value === true}
      disabled={disabled}
      onCheckedChange={onChange}
      className="relative h-6 w-10 rounded-full bg-line-strong transition-colors data-[state=checked]:bg-action disabled:opacity-50"
    >
      <Switch.Thumb className="block size-5 translate-x-0.5 rounded-full bg-raised shadow-card transition-transform data-[state=checked]:translate-x-[18px]" />
    </Switch.Root>
  );
}

export const declared = {
  name: 'toggle',
  draws: ['yes or no'],
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: ToggleControl };
