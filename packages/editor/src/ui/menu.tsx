import type { LucideIcon } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from '../lib/cn.ts';
import { Kbd } from './kbd.tsx';

/** A menu that opens from a button. */
export function Menu({
  trigger,
  align = 'end',
  onClosed,
  children,
}: {
  readonly trigger: ReactNode;
  readonly align?: 'start' | 'end';
  /** Once it is gone; prevent the event to put the focus elsewhere than onto its button. */
  readonly onClosed?: (event: Event) => void;
  readonly children: ReactNode;
}) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          {...(onClosed === undefined ? {} : { onCloseAutoFocus: onClosed })}
          className="z-50 min-w-52 rounded-lg border border-line bg-raised p-1 shadow-float"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

const itemLook =
  'flex cursor-pointer select-none items-center gap-2.5 rounded-md px-2 py-1.5 text-base outline-none data-[highlighted]:bg-hover data-[disabled]:pointer-events-none data-[disabled]:opacity-50 max-md:min-h-11 [&_svg]:size-4 [&_svg]:text-ink-3';

/** One entry of a menu. */
export function MenuItem({
  icon: Icon,
  danger = false,
  keys,
  disabled = false,
  onSelect,
  children,
}: {
  readonly icon?: LucideIcon;
  readonly danger?: boolean;
  readonly keys?: string | undefined;
  readonly disabled?: boolean;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}) {
  return (
    <Radix.Item
      disabled={disabled}
      onSelect={onSelect}
      className={cn(itemLook, danger && 'text-stop [&_svg]:text-stop')}
    >
      {Icon === undefined ? null : <Icon aria-hidden />}
      <span className="flex-1">{children}</span>
      {keys === undefined ? null : (
        <span className="pointer-coarse:hidden">
          <Kbd keys={keys} />
        </span>
      )}
    </Radix.Item>
  );
}

/** One of several choices of which one holds. */
export function MenuChoices({
  value,
  onChange,
  choices,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly choices: ReadonlyArray<{ readonly value: string; readonly label: string; readonly icon: LucideIcon }>;
}) {
  return (
    <Radix.RadioGroup value={value} onValueChange={onChange}>
      {choices.map((choice) => (
        <Radix.RadioItem
          key={choice.value}
          value={choice.value}
          className={cn(itemLook, 'data-[state=checked]:font-medium')}
        >
          <choice.icon aria-hidden />
          <span className="flex-1">{choice.label}</span>
          <Radix.ItemIndicator className="size-1.5 rounded-full bg-action" />
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}

/** A hairline between parts of a menu. */
export function MenuLine() {
  return <Radix.Separator className="my-1 h-px bg-line" />;
}
