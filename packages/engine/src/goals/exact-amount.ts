/** An amount in millionths as an exact decimal with two digits or more behind the point: 49900000 is `49.90`. */
export function exactAmount(microUnits: string): string {
  const isNegative = microUnits.startsWith('-');
  const digits = microUnits.replace('-', '').padStart(7, '0');
  const fraction = digits.slice(-6).replace(/0+$/, '').padEnd(2, '0');
  return `${isNegative ? '-' : ''}${digits.slice(0, -6)}.${fraction}`;
}
