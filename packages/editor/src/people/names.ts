import { formatPhone } from '../lib/format.ts';

type Named = { readonly first_name: string | null; readonly last_name: string | null; readonly phone: string };

/** A person's name, or their number where no name is known. */
export function nameOf(person: Named): string {
  const name = [person.first_name, person.last_name].filter((part) => part !== null && part !== '').join(' ');
  return name === '' ? formatPhone(person.phone) : name;
}

/** Whether a name is known, so that the number need not stand for it. */
export const hasName = (person: Named): boolean => nameOf(person) !== formatPhone(person.phone);

/** One or two letters for an avatar; null for a number. */
export function initialsOf(name: string): string | null {
  const letters = name
    .split(/\s+/)
    .map((part) => [...part][0] ?? '')
    .filter((letter) => /\p{L}/u.test(letter));
  return letters.length === 0 ? null : [...letters.slice(0, 1), ...letters.slice(1).slice(-1)].join('').toUpperCase();
}
