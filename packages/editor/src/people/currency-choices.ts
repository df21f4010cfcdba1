import { byLabel } from '../lib/by-label.ts';
import { locale, tr } from '../lib/translate.ts';
import type { Choice } from '../ui/select.tsx';

const names = new Intl.DisplayNames(locale, { type: 'currency' });
const currencyName = (code: string): string => tr(names.of(code) ?? code);

/** Currencies by their names, with their codes. */
export const currencyChoices: readonly Choice[] = byLabel(
  Intl.supportedValuesOf('currency').map((code) => ({ value: code, label: currencyName(code), help: code })),
);
