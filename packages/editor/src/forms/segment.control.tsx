import { useQuery } from '@tanstack/react-query';
import { segmentsQuery } from '../lib/segments.ts';
import { t } from '../lib/translate.ts';
import { Combobox } from '../ui/combobox.tsx';
import type { Control, ControlDeclaration, ControlProps } from './control-props.ts';

/** A segment of the workspace. */
function SegmentControl({ id, label, value, onChange, problems, disabled }: ControlProps) {
  const segments = useQuery(segmentsQuery).data ?? [];
  const chosen = typeof value === 'string' ? value : '';
  const choices = segments.map((segment) => ({ value: segment.id, label: segment.name }));
  const missing = chosen !== '' && segments.length > 0 && !segments.some((segment) => segment.id === chosen);
  return (
    <Combobox
      id={id}
      label={label}
      value={chosen}
      choices={missing ? [...choices, { value: chosen, label: t('segments.gone') }] : choices}
      onChange={onChange}
      placeholder={t('segments.choose')}
      search={t('segments.search')}
      invalid={problems.some(({ severity }) => severity === 'error')}
      disabled={disabled}
    />
  );
}

export const declared = {
  name: 'segment',
  draws: ['text'],
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: SegmentControl };
