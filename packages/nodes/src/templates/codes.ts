import { templateVariables } from './templates.ts';

/** What a pool of codes is named by in a text: `{{ codes.spring }}`. */
export const codePoolKey = /^[a-z][a-z0-9_]{0,39}$/;

const prefix = 'codes.';
/** Stands for a code where a text is only shown or measured. */
const sampleCode = 'SAMPLE-7K2QX9';

/** The pools of codes that a text names, each once. @throws TemplateError where the text cannot be read. */
export function codesIn(source: string): string[] {
  if (!source.includes(prefix)) return [];
  return templateVariables(source).flatMap((path) => (path.startsWith(prefix) ? [path.slice(prefix.length)] : []));
}

/** Codes to show or measure a text with: none of a pool is taken for it. @throws TemplateError as `codesIn`. */
export const sampleCodes = (source: string): Readonly<Record<string, string>> =>
  Object.fromEntries(codesIn(source).map((key) => [key, sampleCode]));

/** How a person's code of a pool stands in a text. */
export const codeText = (key: string): string => `{{ ${prefix}${key} }}`;
