import type { ComponentProps } from 'react';
import { cn } from '../lib/cn.ts';

const look =
  'w-full min-w-0 rounded-md border border-line-strong/60 bg-raised px-2.5 text-base text-ink placeholder:text-ink-3 transition-colors duration-120 hover:border-line-strong focus-visible:border-focus focus-visible:outline-2 focus-visible:outline-focus/35 focus-visible:outline-offset-0 disabled:bg-sunken disabled:text-ink-3 aria-invalid:border-stop aria-invalid:focus-visible:outline-stop/35';

/** A line of text, from the right where it is written so. */
export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input dir="auto" className={cn(look, 'h-9 max-md:h-11', className)} {...rest} />;
}

/** Several lines of text. */
export function Textarea({ className, ...rest }: ComponentProps<'textarea'>) {
  return <textarea dir="auto" className={cn(look, 'thin-scroll block py-2 leading-[1.5]', className)} {...rest} />;
}

export const inputLook = look;
