/**
 * The name of an attribute of a contact, or of a value of an event: a letter, then letters, digits and underscores, at most 64, in any
 * script. What a flow or a file may write, the API may remove. Ranges instead of properties: JSON Schema takes them everywhere.
 */
const letters =
  'A-Za-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u1fff\\u3040-\\u31ff\\u3400-\\ud7ff\\uf900-\\ufaff';

const unfit = new RegExp(`[^${letters}0-9]+`, 'g');

export const attributeName = new RegExp(`^[${letters}][${letters}0-9_]{0,63}$`);

/** The field of an attribute, such as `attributes.plan`. */
export const attributeField = new RegExp(`^attributes\\.[${letters}][${letters}0-9_]{0,63}$`);

/**
 * A heading, as people write it over a column, as an attribute's name: small letters, accents of Latin letters left away, what is
 * neither letter nor digit an underscore. Null where nothing is left.
 */
export function toAttributeName(heading: string): string | null {
  const name = heading
    .normalize('NFKD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .normalize('NFC')
    .trim()
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(unfit, '_')
    .replace(/^[_0-9]+|_+$/g, '')
    .slice(0, 40)
    .replace(/_+$/, '');
  return attributeName.test(name) ? name : null;
}
