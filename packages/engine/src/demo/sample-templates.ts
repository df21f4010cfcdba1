import type { TemplateContent } from '@signalbox/nodes/templates/template-content';

/** A template or a snippet that a demo workspace begins with, with its versions from the first on. */
export type SampleTemplate = {
  readonly kind: 'template' | 'snippet';
  readonly name: string;
  readonly key?: string;
  readonly versions: ReadonlyArray<{ readonly note: string; readonly content: TemplateContent }>;
};

type Text = TemplateContent['texts'][number];
const text = (language: string, words: string, missing: Text['missing'] = []): Text => ({
  language,
  text: words,
  missing,
});
const inEnglish = (...texts: Text[]): TemplateContent => ({ default_language: 'en', texts });

export const sampleSnippet: SampleTemplate = {
  kind: 'snippet',
  name: 'Sample: sign-off',
  key: 'sample_sign_off',
  versions: [
    {
      note: 'The first words',
      content: inEnglish(
        text('en', 'Yours, the sample shop. Text STOP to end.'),
        text('es', 'Su tienda de muestra. Escriba STOP para terminar.'),
      ),
    },
  ],
};

/** What the sample flow sends to whoever wants tips. */
export const sampleTip: SampleTemplate = {
  kind: 'template',
  name: 'Sample: first tip',
  versions: [
    {
      note: 'The first words',
      content: inEnglish(text('en', 'Good. The first tip comes on Monday. Text STOP to end.')),
    },
    {
      note: 'With a link, and in Spanish',
      content: inEnglish(
        text('en', 'Good. The first tip comes on Monday, until then: https://example.com/tips. Text STOP to end.'),
        text('es', 'Bien. El primer consejo llega el lunes: https://example.com/tips. Escriba STOP para terminar.'),
      ),
    },
  ],
};

/** One with gaps, for looking at how people would get it. */
export const sampleBirthday: SampleTemplate = {
  kind: 'template',
  name: 'Sample: birthday',
  versions: [
    {
      note: 'The first words',
      content: inEnglish(
        text('en', 'Happy birthday, {{ contact.first_name }}. {{ snippet.sample_sign_off }}', [
          { variable: 'contact.first_name', do: 'say', say: 'dear friend' },
        ]),
      ),
    },
    {
      note: 'Names what people like, and in Spanish',
      content: inEnglish(
        text(
          'en',
          'Happy birthday, {{ contact.first_name }}! A free {{ contact.attributes.interests }} waits for you. {{ snippet.sample_sign_off }}',
          [
            { variable: 'contact.first_name', do: 'say', say: 'dear friend' },
            { variable: 'contact.attributes.interests', do: 'leave_out', say: '' },
          ],
        ),
        text('es', '¡Feliz cumpleaños, {{ contact.first_name }}! {{ snippet.sample_sign_off }}', [
          { variable: 'contact.first_name', do: 'skip', say: '' },
        ]),
      ),
    },
  ],
};
