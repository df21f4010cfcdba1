import { missingValuesSchema } from '@signalbox/nodes/define/message-text';
import type { Control, ControlDeclaration, ControlProps } from './control-props.ts';
import { MissingFields } from './missing-fields.tsx';

/** What the text beside it does where something is not known. */
function MissingValuesControl({ id, value, beside, onChange, disabled }: ControlProps) {
  const text = beside('text');
  return (
    <MissingFields
      id={id}
      text={typeof text === 'string' ? text : ''}
      value={missingValuesSchema.safeParse(value).data ?? []}
      onChange={onChange}
      disabled={disabled}
    />
  );
}

export const declared = {
  name: 'missing-values',
  draws: ['list of {do, say, variable}'],
  group: true,
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: MissingValuesControl };
