const placeholder = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g;
const quoted = /"[^"]*"|'[^']*'|[“”„«»″]([^"“”„«»″]*)[“”„«»″]|[‘’‚‹›′]([^'‘’‚‹›′]*)[‘’‚‹›′]/g;

/**
 * Takes curly quotes for straight ones inside placeholders, where word processors and phones put them: `default: ‘there’` is a text.
 * Those inside a text that has straight ones around it stay. No character moves.
 */
export function straightenQuotes(source: string): string {
  return source.replace(placeholder, (tag) =>
    tag.replace(quoted, (text, double?: string, single?: string) => {
      if (double !== undefined) return `"${double}"`;
      return single === undefined ? text : `'${single}'`;
    }),
  );
}
