/**
 * Lines of a pnpm lockfile that say where a package is downloaded from: a lockfile must install from whatever registry the reader
 * has. Texts about deprecation may name a site.
 */
export function downloadAddresses(lockfile: string): string[] {
  return lockfile
    .split('\n')
    .flatMap((text, index) =>
      /\btarball:|https?:\/\/|\bgit(\+|:)|\bregistry:/.test(text) && !/^\s+deprecated:/.test(text)
        ? [`line ${index + 1}: ${text.trim()}`]
        : [],
    );
}
