const numberFormat = new Intl.NumberFormat('en');
const pluralRules = new Intl.PluralRules('en');

export type MessageValues = Readonly<Record<string, string | number | boolean | null>>;

/** Puts values into a catalogue text: `{name}` becomes the value; an unknown name stays as it is written. */
export function formatMessage(text: string, values: MessageValues = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) return whole;
    return typeof value === 'number' ? numberFormat.format(value) : String(value);
  });
}

/** Chooses the plural form for `count` and puts it in as `{count}`. */
export function formatCount(
  count: number,
  forms: { readonly one: string; readonly other: string },
  values: MessageValues = {},
): string {
  return formatMessage(pluralRules.select(count) === 'one' ? forms.one : forms.other, { ...values, count });
}

/** Cuts a text to `limit` characters without splitting one; a cut ends with `…`. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${[...text.slice(0, limit)].slice(0, -1).join('')}…`;
}
