import type { controls } from './controls.gen.ts';

/** The controls that a form can draw, each a file of the editor. */
export type FieldControl = keyof typeof controls;

/** How a config field is drawn. Plain JSON: it travels in the JSON Schema. */
export type FieldUi = {
  readonly label: string;
  readonly help?: string;
  readonly placeholder?: string;
  /** The control; without it the form chooses by the schema's type. */
  readonly control?: FieldControl;
  readonly options?: ReadonlyArray<{ readonly value: string; readonly label: string; readonly help?: string }>;
  /** Shown only while a sibling field has this value. */
  readonly visible?: { readonly field: string; readonly equals: string | number | boolean };
  readonly unit?: string;
};

declare module 'zod' {
  interface GlobalMeta {
    ui?: FieldUi;
  }
}
