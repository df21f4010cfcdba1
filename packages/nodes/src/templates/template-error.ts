import type { Token } from 'liquidjs';

export type TemplateErrorCode =
  | 'template_not_closed'
  | 'template_unknown_filter'
  | 'template_unknown_tag'
  | 'template_syntax'
  | 'template_comparison'
  | 'template_too_large'
  | 'template_no_result'
  | 'template_no_date'
  | 'template_unknown_snippet'
  | 'template_failed';

const texts: Readonly<Record<TemplateErrorCode, string>> = {
  template_not_closed: 'A placeholder or tag is not closed.',
  template_unknown_filter: 'This filter does not exist.',
  template_unknown_tag: 'This tag is not allowed in a message.',
  template_syntax: 'The template cannot be read here.',
  template_comparison: 'A comparison has no words of its own. Put it into {% if … %}.',
  template_too_large: 'The template takes too much time or space.',
  template_no_result: 'A calculation has no result.',
  template_no_date: 'A text that is to be shown as a date names none.',
  template_unknown_snippet: 'A snippet that is named here does not exist.',
  template_failed: 'The template could not be filled in.',
};

/** Where in a source something stands, from 1. */
export type TemplatePosition = { readonly line: number; readonly column: number };

/** Where a part of a parsed template stands; null where that is not known. */
export function positionOf(token: Token): TemplatePosition | null {
  const [line, column] = token.getPosition();
  return line === undefined || column === undefined ? null : { line, column };
}

/** Thrown when a template cannot be read or filled in. Its message never holds a value of a contact. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  readonly code: TemplateErrorCode;
  /** Null where the error has no place. */
  readonly position: TemplatePosition | null;

  constructor(code: TemplateErrorCode, position: TemplatePosition | null) {
    super(position === null ? texts[code] : `${texts[code]} Line ${position.line}, column ${position.column}.`);
    this.code = code;
    this.position = position;
  }
}
