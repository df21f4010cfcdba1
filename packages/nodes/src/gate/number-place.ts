import { parsePhoneNumberWithError } from 'libphonenumber-js/max';
import { isTimeZone } from '../time/zoned-time.ts';
import { stateOfAreaCode, usStates, zonesOfState } from './us-states.ts';

/** Where the phone of a number may be, and what kind of number it is. */
export type NumberPlace = {
  /** ISO 3166-1 alpha-2; null for a number of no country, such as a satellite phone's. */
  readonly country: string | null;
  /** `premium`: texting it costs the receiver, or us, more than a text. `satellite`: a phone of no country. */
  readonly kind: 'ordinary' | 'premium' | 'satellite';
  /** States of the USA that its owner may be in; none elsewhere. */
  readonly states: readonly string[];
  /** Time zones that its owner may be in. */
  readonly zones: readonly string[];
};

const places = new Map<string, NumberPlace>();

/**
 * Where a number may be. Mobile numbers are tied to no place but their country, and those of the USA at most to a state: what is told
 * is a set, and whoever keeps a rule keeps it everywhere in it.
 *
 * @param e164 a number in its stored form.
 */
export function placeOfNumber(e164: string): NumberPlace {
  const area = e164.startsWith('+1') ? e164.slice(2, 5) : '';
  const state = stateOfAreaCode(area);
  return state === null ? placeOfParsed(e164) : keep(`US-${state}`, () => placeIn('US', [state]));
}

function placeOfParsed(e164: string): NumberPlace {
  // Global networks have codes of their own (ITU E.164): 870, 881 and 882 reach phones by satellite, 883 and 979 cost what they like.
  if (/^\+8(?:70|8[123])/.test(e164)) return nowhere('satellite');
  if (e164.startsWith('+979')) return nowhere('premium');
  const { country, premium } = readPlan(e164);
  if (country === null) return nowhere('ordinary');
  const key = `${country}${premium ? '-premium' : ''}`;
  return keep(key, () => ({
    ...placeIn(country, country === 'US' ? usStates : []),
    kind: premium ? 'premium' : 'ordinary',
  }));
}

function readPlan(e164: string): { readonly country: string | null; readonly premium: boolean } {
  try {
    const number = parsePhoneNumberWithError(e164);
    const type = number.getType();
    return { country: number.country ?? null, premium: type === 'PREMIUM_RATE' || type === 'SHARED_COST' };
  } catch {
    // Numbers are stored only once they were read; what a later plan no longer knows is of no country.
    return { country: null, premium: false };
  }
}

function placeIn(country: string, states: readonly string[]): NumberPlace {
  const zones = states.length === 0 ? zonesOfCountry(country) : [...new Set(states.flatMap(zonesOfState))];
  return { country, kind: 'ordinary', states, zones };
}

/** The zones that a country's clocks keep; none where nobody knows. */
function zonesOfCountry(country: string): readonly string[] {
  const zones = new Intl.Locale('und', { region: country }).getTimeZones() ?? [];
  return zones.filter(isTimeZone);
}

function nowhere(kind: NumberPlace['kind']): NumberPlace {
  return keep(kind, () => ({ country: null, kind, states: [], zones: [] }));
}

/** There are as many places as countries and states. */
function keep(key: string, make: () => NumberPlace): NumberPlace {
  const known = places.get(key);
  if (known !== undefined) return known;
  const made = make();
  places.set(key, made);
  return made;
}
