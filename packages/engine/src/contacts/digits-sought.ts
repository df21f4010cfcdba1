/** What of numbers somebody means who searches by these digits: also without the zeros that are dialled before them, as in 0151 … or 0049 …. */
export function digitsSought(digits: string): string[] {
  const [, dialled] = /^0+(\d{6,})$/.exec(digits) ?? [];
  return dialled === undefined ? [digits] : [digits, dialled];
}
