/** Numbers as providers write them, and as we do: in E.164 with its plus. Names and short codes stay what they are. */

/** A number by its digits alone. */
export function withoutPlus(address: string): string {
  return address.replace(/^\+/, '');
}

/** The international digits of a number with their plus. Fewer than nine are a short code's. */
export function withPlus(written: string): string {
  const digits = written.trim();
  return /^[1-9]\d{8,14}$/.test(digits) ? `+${digits}` : written;
}

/** A number of Australia in any of the forms that people and providers there have for it: `04…`, `4…` and `614…`. */
export function fromAustralia(written: string): string {
  const digits = written.trim();
  if (/^0[2-478]\d{8}$/.test(digits)) return `+61${digits.slice(1)}`;
  return /^4\d{8}$/.test(digits) ? `+61${digits}` : withPlus(digits);
}
