import type { TemplatePreview } from './contract.ts';

type Shown = TemplatePreview['data'][number];

/** What one person would get, and what it takes. */
export type Measured = Omit<Shown, 'why' | 'cost'> & { readonly microUnits: number | null };

/** People shown at once, and of each kind at most. */
const mostShown = 20;
const mostOfKind = 5;

/**
 * Twenty people out of those who were drawn: five with the longest texts, five who lack the most, five who are the dearest, and the first
 * of the others. Whoever is shown for one thing says so, and may be shown for another as well.
 */
export function showPeople(drawn: readonly Measured[], currency: string): Shown[] {
  const sent = drawn.filter(({ text }) => text !== null);
  // Where all are alike, nobody stands out.
  const firsts = (people: readonly Measured[], size: (person: Measured) => number): ReadonlySet<Measured> => {
    const least = Math.max(0, Math.min(...people.map(size)));
    const most = people.filter((person) => size(person) > least).toSorted((a, b) => size(b) - size(a));
    return new Set(most.slice(0, mostOfKind));
  };
  const kinds = [
    ['longest', firsts(sent, ({ segments, text }) => segments * 10_000 + (text?.length ?? 0))],
    ['gaps', firsts(drawn, ({ gaps, text }) => gaps.length + (text === null ? 100 : 0))],
    ['dearest', firsts(sent, ({ microUnits }) => microUnits ?? 0)],
  ] as const;
  const chosen = new Set([...kinds.flatMap(([, people]) => [...people]), ...drawn]);
  return [...chosen].slice(0, mostShown).map((person) => {
    const { microUnits, ...rest } = person;
    const why = kinds.flatMap(([kind, people]) => (people.has(person) ? [kind] : []));
    return {
      ...rest,
      why: why.length === 0 ? ['drawn'] : why,
      cost: microUnits === null ? null : { micro_units: String(microUnits), currency },
    };
  });
}
