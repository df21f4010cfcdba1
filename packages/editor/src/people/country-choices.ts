import { callingCodeOf, countries } from '@signalbox/nodes/text/countries';
import { byLabel } from '../lib/by-label.ts';
import type { Choice } from '../ui/select.tsx';
import { countryName } from './country-name.ts';

/** Countries by their names, with what their numbers begin with. */
export const countryChoices: readonly Choice[] = byLabel(
  countries.map((code) => ({ value: code, label: countryName(code), help: callingCodeOf(code) ?? undefined })),
);
