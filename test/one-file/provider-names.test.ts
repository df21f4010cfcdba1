import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { providers } from '@signalbox/engine/providers/catalogue.gen';
import { expect, test } from 'vitest';
import { naming, quoted } from './naming.ts';

/** Outside its own folder nothing knows a provider: not its type, nor a field of its accounts. */

const room = 'packages/engine/src/providers/';

/** Files outside the providers' room that name the type in quotes, or a field whose name has several words: one is a word of the language too. */
function namedElsewhere(root: string, type: string, fields: readonly string[]): string[] {
  const words = fields.filter((field) => field.includes('_')).map((field) => new RegExp(`\\b${field}\\b`));
  const found = [quoted(type), ...words].flatMap((sought) => naming(root, sought));
  return [...new Set(found)].filter((path) => !path.startsWith(room)).sort();
}

const known = providers.map(({ type, account }) => ({ type, fields: Object.keys(account.fields.shape) }));

test.each(known)('$type and the fields of its accounts are named in its own folder alone', ({ type, fields }) => {
  expect(namedElsewhere(resolve(import.meta.dirname, '../..'), type, fields)).toEqual([]);
});

test.each([
  { what: 'a type', path: 'packages/engine/src/demo/planted.ts', source: `const provider = 'pigeon';` },
  { what: 'an import of its file', path: 'packages/editor/src/planted.ts', source: `import '../providers/pigeon.ts';` },
  { what: 'a field', path: 'packages/launcher/src/planted.ts', source: 'const secret = credentials.ring_number;' },
  { what: 'a field to be sent', path: 'packages/nodes/src/planted.ts', source: 'const body = { ring_number: 1 };' },
])('$what is seen, in any room', ({ path, source }) => {
  const root = mkdtempSync(join(tmpdir(), 'signalbox-names-'));
  try {
    for (const file of [path, `${room}pigeon.ts`]) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), `${source}\n`);
    }
    expect(namedElsewhere(root, 'pigeon', ['loft', 'ring_number'])).toEqual([path]);
    expect(namedElsewhere(root, 'dove', ['loft'])).toEqual([]);
  } finally {
    rmSync(root, { recursive: true });
  }
});
