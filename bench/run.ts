/** `pnpm bench NAME [--option value]`: runs one benchmark; figures come last, one `name: value` a line. */
const names = [
  'browsers',
  'campaign',
  'dispatch',
  'failover',
  'keyword',
  'lanes',
  'links',
  'losses',
  'receipts',
  'segments',
  'start',
] as const;
const [name, ...rest] = process.argv.slice(2);
const known = names.find((candidate) => candidate === name);
if (known === undefined) {
  console.error(`Usage: pnpm bench ${names.join('|')} [--quick]`);
  process.exit(2);
}
const module: { run: (options: ReadonlyMap<string, string>) => Promise<void> } = await import(`./${known}.ts`);
const options = new Map<string, string>();
for (let index = 0; index < rest.length; index += 1) {
  const key = rest[index]?.replace(/^--/, '') ?? '';
  const value = rest[index + 1];
  if (value === undefined || value.startsWith('--')) options.set(key, 'true');
  else {
    options.set(key, value);
    index += 1;
  }
}
await module.run(options);
process.exit();
