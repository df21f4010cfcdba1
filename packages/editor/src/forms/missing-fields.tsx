import { type MissingPolicy, type MissingValue, missingPolicies } from '@signalbox/nodes/define/message-text';
import { missableVariables } from '@signalbox/nodes/templates/fill-in';
import { withoutSnippets } from '@signalbox/nodes/templates/snippets';
import { TemplateError } from '@signalbox/nodes/templates/template-error';
import { useDeferredValue, useMemo, useRef } from 'react';
import { useContactFields } from '../lib/contact-fields.ts';
import { t, tOpen } from '../lib/translate.ts';
import { Input } from '../ui/input.tsx';
import { Select } from '../ui/select.tsx';
import { variableName } from './insertions.ts';

/** What a text names that some people may lack; null where it cannot be read. */
function namedIn(text: string): readonly string[] | null {
  try {
    const source = withoutSnippets(text);
    return missableVariables(source)
      .filter((variable) => variable !== 'contact.phone' && variable !== 'contact.created_at')
      .toSorted((a, b) => source.indexOf(a) - source.indexOf(b));
  } catch (error) {
    if (error instanceof TemplateError) return null;
    throw error;
  }
}

const isPolicy = (value: string): value is MissingPolicy => missingPolicies.some((policy) => policy === value);

/** What a text does where something is not known: a line for each detail that it names. */
export function MissingFields({
  id,
  text,
  value,
  onChange,
  disabled,
}: {
  readonly id: string;
  readonly text: string;
  readonly value: readonly MissingValue[];
  readonly onChange: (value: MissingValue[]) => void;
  readonly disabled: boolean;
}) {
  const own = useContactFields();
  const settled = useDeferredValue(text);
  const read = useMemo(() => namedIn(settled), [settled]);
  // While a placeholder is being written, the text cannot be read: the lines stay as they were.
  const known = useRef<readonly string[]>([]);
  known.current = read ?? known.current;
  const named = known.current;
  const rows = [...new Set([...named, ...value.map(({ variable }) => variable)])];
  if (rows.length === 0) return <p className="text-ink-3 text-sm">{t('missing.none')}</p>;
  const set = (variable: string, next: Omit<MissingValue, 'variable'> | null) => {
    const others = value.filter((each) => each.variable !== variable);
    onChange(next === null ? others : [...others, { variable, ...next }]);
  };
  return (
    <ul className="flex flex-col gap-3">
      {rows.map((variable, index) => {
        const policy = value.find((each) => each.variable === variable);
        const name = variableName(variable, own);
        return (
          <li key={variable} className="flex flex-wrap items-center gap-2">
            <span className="min-w-28 flex-1 basis-28 text-sm">
              <bdi className="font-medium">{name}</bdi>
              {!named.includes(variable) ? <span className="text-ink-3"> {t('missing.not_named')}</span> : null}
            </span>
            <Select
              id={`${id}-${index}`}
              label={t('missing.policy_of', { name })}
              className="w-60 max-md:flex-1"
              disabled={disabled}
              value={policy?.do ?? 'as_written'}
              choices={['as_written', ...missingPolicies].map((each) => ({
                value: each,
                label: tOpen(`missing.${each}`, each),
                help: tOpen(`missing.${each}.help`, ''),
              }))}
              onChange={(chosen) => set(variable, isPolicy(chosen) ? { do: chosen, say: policy?.say ?? '' } : null)}
            />
            {policy?.do === 'say' ? (
              <Input
                aria-label={t('missing.say_of', { name })}
                placeholder={t('missing.say_hint')}
                className="basis-full"
                maxLength={160}
                disabled={disabled}
                value={policy.say}
                onChange={(event) => set(variable, { do: 'say', say: event.target.value })}
              />
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}
