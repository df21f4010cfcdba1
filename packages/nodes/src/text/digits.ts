/** A text with the decimal digits of every script as 0 to 9, and with ٫ as the decimal point and ٬ between thousands as `.` and `,`. */
export function withPlainDigits(text: string): string {
  return text
    .replace(/(?![0-9])\p{Nd}/gu, plainDigit)
    .replaceAll('٫', '.')
    .replaceAll('٬', ',');
}

/** Each script's digits stand in a row from its zero on, and rows without a gap follow one another by ten (Unicode 4.6). */
function plainDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let before = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(code - before - 1))) before += 1;
  return String(before % 10);
}
