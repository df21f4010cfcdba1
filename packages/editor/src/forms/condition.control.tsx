import { ConditionControl } from './condition-control.tsx';
import type { Control, ControlDeclaration } from './control-props.ts';

export const declared = {
  name: 'condition',
  draws: ['condition'],
  blank: { field: 'contact.first_name', op: 'is_set' },
  group: true,
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: ConditionControl };
