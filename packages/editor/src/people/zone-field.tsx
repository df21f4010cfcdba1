import { useMemo } from 'react';
import { formatInZone } from '../lib/format.ts';
import { t } from '../lib/translate.ts';
import { useNow } from '../lib/use-now.ts';
import { Combobox } from '../ui/combobox.tsx';
import { Field, type FieldNote } from '../ui/field.tsx';

const none = '';

/** A time zone by its IANA name, with the time it is there now. */
export function ZoneField({
  id,
  value,
  onChange,
  notes,
  required,
}: {
  readonly id: string;
  readonly value: string;
  readonly onChange: (zone: string) => void;
  readonly notes?: readonly FieldNote[];
  /** Where one must be chosen: what it is for. */
  readonly required?: string;
}) {
  const now = useNow();
  const choices = useMemo(
    () => [
      ...(required === undefined ? [{ value: none, label: t('zone.unknown') }] : []),
      ...Intl.supportedValuesOf('timeZone').map((zone) => ({
        value: zone,
        label: zone.replaceAll('_', ' '),
        help: formatInZone(zone, now) ?? undefined,
      })),
    ],
    [now, required],
  );
  const local = value === none ? null : formatInZone(value, now);
  return (
    <Field
      id={id}
      label={t('contact.time_zone')}
      help={[required, local === null ? t('zone.help') : t('zone.now', { time: local })].filter(Boolean).join(' ')}
      notes={notes ?? []}
    >
      <Combobox
        id={id}
        label={t('contact.time_zone')}
        value={value}
        choices={choices}
        onChange={onChange}
        placeholder={t('zone.unknown')}
        search={t('zone.search')}
        invalid={(notes ?? []).length > 0}
      />
    </Field>
  );
}
