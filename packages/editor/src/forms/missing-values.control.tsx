import type { Control, ControlDeclaration, ControlProps } from './control-props.ts';

function MissingValuesControl({ id }: ControlProps) {
  return <div id={id} />;
}

export const declared = {
  name: 'missing-values',
  draws: ['list of {do, say, variable}'],
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: MissingValuesControl };
