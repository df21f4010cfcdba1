import type { LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';
import { ariaKeys } from '../lib/keys.ts';
import { Button } from './button.tsx';
import { Hint } from './tooltip.tsx';

type IconButtonProps = Omit<ComponentProps<typeof Button>, 'children' | 'asChild' | 'aria-label'> & {
  readonly icon: LucideIcon;
  readonly label: string;
  /** Longer than the label, where the button needs explaining. */
  readonly hint?: string | undefined;
  readonly keys?: string | undefined;
  readonly hintSide?: 'top' | 'right' | 'bottom' | 'left';
};

/** A button that shows only an icon: its label is its name and its hint. */
export function IconButton({
  icon: Icon,
  label,
  hint,
  keys,
  hintSide,
  kind = 'ghost',
  size = 'icon',
  ...rest
}: IconButtonProps) {
  return (
    <Hint text={hint ?? label} keys={keys} {...(hintSide === undefined ? {} : { side: hintSide })}>
      <Button
        kind={kind}
        size={size}
        aria-label={label}
        {...(keys === undefined ? {} : { 'aria-keyshortcuts': ariaKeys(keys) })}
        {...rest}
      >
        <Icon aria-hidden />
      </Button>
    </Hint>
  );
}
