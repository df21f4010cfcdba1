import { z } from 'zod';
import { longestSource, type MessageText, missingValuesSchema } from '../define/message-text.ts';
import { canonicalLanguage } from '../text/language-tag.ts';

/** Languages of a template at most. */
export const mostLanguages = 20;

const languageSchema = z
  .string()
  .max(35)
  .refine((tag) => canonicalLanguage(tag) === tag, { error: 'Use a language tag such as en or pt-BR.' });

/**
 * What a template or a snippet says: a text in each of its languages, one of which is for everybody whose own it does not have. What a
 * segment of people gets in the place of others will stand beside the languages, by the segment's id.
 */
export const templateContentSchema = z
  .strictObject({
    default_language: languageSchema,
    texts: z
      .array(
        z.strictObject({
          language: languageSchema,
          text: z
            .string()
            .max(longestSource)
            .refine((text) => !text.includes('\u0000')),
          missing: missingValuesSchema.default([]),
        }),
      )
      .min(1)
      .max(mostLanguages),
  })
  .superRefine(({ default_language, texts }, context) => {
    const languages = texts.map(({ language }) => language);
    const twice = languages.findIndex((language, index) => languages.indexOf(language) !== index);
    if (twice !== -1)
      context.addIssue({
        code: 'custom',
        path: ['texts', twice, 'language'],
        message: 'There is a text in this language already.',
      });
    if (!languages.includes(default_language))
      context.addIssue({ code: 'custom', path: ['default_language'], message: 'There is no text in this language.' });
  });
export type TemplateContent = z.infer<typeof templateContentSchema>;

/** A text of a template and the language that it is in. */
export type LanguageText = MessageText & { readonly language: string };

/** The text that somebody gets: in their language, else in what it is a form of (`pt` for `pt-BR`), else in the template's own. */
export function textInLanguage({ default_language, texts }: TemplateContent, language: string | null): LanguageText {
  const own = language === null ? null : canonicalLanguage(language);
  const [base = ''] = own?.split('-') ?? [];
  for (const wanted of [own, base, default_language]) {
    const found = texts.find((text) => text.language === wanted);
    if (found !== undefined) return found;
  }
  throw new TypeError('a template without a text in its own language');
}
