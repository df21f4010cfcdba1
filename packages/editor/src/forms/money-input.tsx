import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { writtenAmount } from '../lib/micro-units.ts';
import { workspaceQuery } from '../lib/workspace.ts';
import { Input } from '../ui/input.tsx';

/** An amount in the workspace's currency: held in millionths, written as people write it. */
export function MoneyInput({
  id,
  label,
  value,
  onChange,
  disabled,
  invalid,
}: {
  readonly id: string;
  readonly label: string;
  readonly value: number | null;
  readonly onChange: (microUnits: number | null) => void;
  readonly disabled: boolean;
  readonly invalid?: boolean | undefined;
}) {
  const workspace = useQuery(workspaceQuery);
  // What is being typed stays as it is typed: 0.50 does not become 0.5 under the cursor.
  const [draft, setDraft] = useState<string | null>(null);
  const written = value === null ? '' : writtenAmount(String(value));
  return (
    <span className="flex items-center gap-1.5 text-sm">
      <Input
        id={id}
        aria-label={label}
        inputMode="decimal"
        autoComplete="off"
        className="num w-28"
        disabled={disabled}
        aria-invalid={invalid}
        aria-describedby={`${id}-help ${id}-problems`}
        value={draft ?? written}
        onChange={(event) => {
          const text = event.target.value.replace(/[^\d.,]/g, '');
          setDraft(text);
          const amount = Number(text.replace(',', '.'));
          if (text.trim() === '') onChange(null);
          else if (Number.isFinite(amount)) onChange(Math.round(amount * 1_000_000));
        }}
        onBlur={() => setDraft(null)}
      />
      <span className="text-ink-2">{workspace.data?.currency ?? ''}</span>
    </span>
  );
}
