import { cva, type VariantProps } from 'class-variance-authority';
import { Slot } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from '../lib/cn.ts';

const styles = cva(
  'inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors duration-120 disabled:pointer-events-none disabled:opacity-50 aria-disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      kind: {
        primary: 'bg-action text-action-ink shadow-[inset_0_1px_0_oklch(1_0_0/0.12)] hover:bg-action-hover',
        plain: 'border border-line bg-raised text-ink shadow-card hover:bg-hover',
        ghost: 'text-ink-2 hover:bg-hover hover:text-ink',
        danger: 'bg-stop text-white hover:bg-stop-hover dark:text-[oklch(0.2_0.04_25)]',
        link: 'rounded-sm text-action underline-offset-4 hover:underline',
      },
      size: {
        sm: 'h-7 px-2.5 text-sm max-md:min-h-11',
        md: 'h-9 px-3 text-sm max-md:min-h-11',
        lg: 'h-10 px-4 text-base max-md:min-h-11',
        icon: 'size-9 text-sm max-md:size-11',
        'icon-sm': 'size-7 text-sm max-md:size-11',
        text: 'text-sm',
      },
    },
    defaultVariants: { kind: 'plain', size: 'md' },
  },
);

type ButtonProps = ComponentProps<'button'> & VariantProps<typeof styles> & { readonly asChild?: boolean };

/** A button. Its text is a verb with an object; `asChild` gives the look to a link. */
export function Button({ kind, size, asChild = false, className, type = 'button', ...rest }: ButtonProps) {
  if (asChild) return <Slot.Root className={cn(styles({ kind, size }), className)} {...rest} />;
  return <button type={type} className={cn(styles({ kind, size }), className)} {...rest} />;
}
