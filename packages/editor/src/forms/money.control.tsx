import type { Control, ControlDeclaration, ControlProps } from './control-props.ts';
import { MoneyInput } from './money-input.tsx';

/** An amount in the workspace's currency. */
function MoneyControl({ id, label, value, onChange, problems, disabled }: ControlProps) {
  return (
    <MoneyInput
      id={id}
      label={label}
      value={typeof value === 'number' ? value : null}
      onChange={onChange}
      disabled={disabled}
      invalid={problems.some(({ severity }) => severity === 'error') || undefined}
    />
  );
}

export const declared = {
  name: 'money',
  draws: ['number'],
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: MoneyControl };
