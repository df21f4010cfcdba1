import { Switch } from 'radix-ui';

/** Yes or no, with what it is about beside it. */
export function Toggle({
  id,
  label,
  help,
  checked,
  onChange,
}: {
  readonly id: string;
  readonly label: string;
  readonly help?: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}) {
  return (
    <div className="flex items-start gap-3">
      <Switch.Root
        id={id}
        checked={checked}
        onCheckedChange={onChange}
        aria-describedby={help === undefined ? undefined : `${id}-help`}
        className="relative mt-0.5 h-6 w-10 shrink-0 rounded-full bg-line-strong transition-colors data-[state=checked]:bg-action"
      >
        <Switch.Thumb className="block size-5 translate-x-0.5 rounded-full bg-raised shadow-card transition-transform data-[state=checked]:translate-x-[18px]" />
      </Switch.Root>
      <div className="min-w-0">
        <label htmlFor={id} className="font-medium text-sm">
          {label}
        </label>
        {help === undefined ? null : (
          <p id={`${id}-help`} className="text-ink-3 text-sm">
            {help}
          </p>
        )}
      </div>
    </div>
  );
}
