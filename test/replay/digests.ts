import { createHash } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';

/** One line for each history: what it was when it was recorded. In the format of `sha256sum`. */
export const digestsFile = new URL('./histories.sha256', import.meta.url);

const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

function listed(list: string): ReadonlyArray<readonly [string, string]> {
  return list
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, digest = '', file = ''] = /^([0-9a-f]{64}) {2}(\S+)$/.exec(line) ?? [];
      return [file, digest] as const;
    });
}

/** What is not as it was recorded: changed, missing, never listed, or listed twice. */
export function changedHistories(folder: URL, list: string): string[] {
  const lines = listed(list);
  const files = readdirSync(folder);
  const problems: string[] = [];
  for (const [index, [file, digest]] of lines.entries()) {
    if (lines.findIndex(([other]) => other === file) !== index) problems.push(`${file}: listed twice`);
    else if (!files.includes(file)) problems.push(`${file}: missing`);
    else if (digestOf(readFileSync(new URL(file, folder))) !== digest) problems.push(`${file}: changed`);
  }
  for (const file of files)
    if (!lines.some(([other]) => other === file)) problems.push(`${file}: not on the list of what was recorded`);
  return problems.sort();
}

/** Whether a history was recorded once, even if its file is gone. */
export function wasRecorded(file: string): boolean {
  return listed(readFileSync(digestsFile, 'utf8')).some(([other]) => other === file);
}

/** Adds a history that was just recorded to the list. */
export function listHistory(file: string, text: string): void {
  appendFileSync(digestsFile, `${digestOf(Buffer.from(text))}  ${file}\n`);
}
