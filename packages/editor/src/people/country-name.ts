import { locale, tr } from '../lib/translate.ts';

const names = new Intl.DisplayNames(locale, { type: 'region' });

/** A country by its code (ISO 3166-1 alpha-2), as people call it. */
export const countryName = (code: string): string => tr(names.of(code) ?? code);
