import type { Control, ControlDeclaration, ControlProps } from './control-props.ts';

function TemplateControl({ id }: ControlProps) {
  return <div id={id} />;
}

export const declared = {
  name: 'template',
  draws: ['{id, version}'],
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: TemplateControl };
