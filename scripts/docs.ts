import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { eventTypes } from '@signalbox/engine/integrations/event-types';
import { describeSettings } from '@signalbox/engine/main/settings';
import { providers } from '@signalbox/engine/providers/catalogue.gen';
import type { SenderKind } from '@signalbox/engine/providers/provider';
import { rules } from '@signalbox/nodes/gate/catalogue.gen';
import { quietLaws } from '@signalbox/nodes/gate/quiet-laws';
import { complianceWordLists } from '@signalbox/nodes/text/compliance-word-lists';
import { z } from 'zod';
import { repositoryRoot } from './run-command.ts';

/** What stands between `<!-- name:start -->` and `<!-- name:end -->`. Throws where the marks are missing. */
export function markedBlock(text: string, name: string): string {
  const found = new RegExp(`<!-- ${name}:start -->\\n([\\s\\S]*?)<!-- ${name}:end -->`).exec(text)?.[1];
  if (found === undefined) throw new Error(`no block ${name}`);
  return found;
}

/** The rows of a Markdown table, cell by cell: how it is padded is the formatter's business. */
export function tableCells(table: string): string[][] {
  return table
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^[|\s-]+$/.test(line))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** A Markdown table, its columns as wide as their widest cell. */
function paddedTable([head = [], ...rows]: ReadonlyArray<readonly string[]>): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[], fill = ' '): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width, fill)).join(' | ')} |\n`;
  return [line(head), line([], '-'), ...rows.map((row) => line(row))].join('');
}

/** The table of settings as docs/operations.md has to hold it. */
export function settingsTable(): string {
  const rows = describeSettings().map(({ name, preset, secret, description }) => [
    `\`${name}\``,
    preset === '' ? '' : `\`${preset}\``,
    secret ? 'yes' : '',
    description.replaceAll('|', '\\|'),
  ]);
  return paddedTable([['name', 'default', 'secret', 'what for'], ...rows]);
}

/** The kinds of sender in the words of the docs. */
const kinds: Readonly<Record<SenderKind, string>> = {
  long_code: 'numbers',
  short_code: 'short codes',
  toll_free: 'toll-free numbers',
  alphanumeric: 'names',
};

/** The table of providers as docs/providers.md has to hold it. */
export function providersTable(): string {
  const rows = [...providers]
    .sort((one, other) => (one.title < other.title ? -1 : 1))
    .map(({ title, senders, capabilities, limits, account, unverified = '' }) => [
      title,
      Object.values(account.fields.shape)
        .filter((field) => !(field instanceof z.ZodDefault))
        .map((field) => z.globalRegistry.get(field)?.ui?.label ?? '')
        .join(', '),
      senders.map((kind) => kinds[kind]).join(', '),
      capabilities.signed ? 'signature' : 'secret address',
      `${limits.textLength.gsm7} / ${limits.textLength.ucs2}`,
      unverified.replaceAll('|', '\\|'),
    ]);
  const heads = [
    'provider',
    'asks for',
    'sends from',
    'proves its requests by',
    'characters (GSM-7 / UCS-2)',
    'not confirmed',
  ];
  return paddedTable([heads, ...rows]);
}

const kilobytes = (bytes: number): string => (bytes / 1_000).toLocaleString('en');

/** The table of what providers take of pictures as docs/media.md has to hold it. */
export function picturesTable(): string {
  const rows = [...providers]
    .sort((one, other) => (one.title < other.title ? -1 : 1))
    .flatMap(({ title, limits: { media }, senders }) => {
      if (media === undefined) return [];
      const { types, bytesFrom = {}, countries, options } = media;
      const most = ['image/jpeg', 'image/png', 'image/gif'].map((type) => kilobytes(types[type] ?? 0));
      const fewer = senders.flatMap((kind) => {
        const bytes = bytesFrom[kind];
        if (bytes === undefined) return [];
        return bytes === 0 ? [`none from ${kinds[kind]}`] : [`${kilobytes(bytes)} from ${kinds[kind]}`];
      });
      const ways = Object.values(options ?? {}).map((way) => `accounts on its API ${way} alone`);
      return [
        [
          title,
          String(media.files),
          kilobytes(media.bytes),
          new Set(most).size === 1 ? (most[0] ?? '') : most.join(' / '),
          countries?.join(', ') ?? '',
          [...fewer, ...ways].join('; '),
        ],
      ];
    });
  const heads = ['provider', 'pictures with a message', 'KB together', 'KB of one (JPEG / PNG / GIF)', 'within', 'but'];
  return paddedTable([heads, ...rows]);
}

/** The table of the gate's rules as docs/compliance.md has to hold it. */
export function rulesTable(): string {
  const rows = rules.map(({ name, says, settings }) => [
    `\`${name}\``,
    says,
    Object.keys(settings?.shape ?? {})
      .map((field) => `\`${field}\``)
      .join(', '),
  ]);
  return paddedTable([['rule', 'sees to', 'what can be set'], ...rows]);
}

const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** The table of laws about hours as docs/compliance.md has to hold it. */
export function lawsTable(): string {
  const rows = quietLaws.map(({ name, country, states, since, hours, source }) => [
    name,
    states === undefined ? country : `${country}: ${states.join(', ')}`,
    hours
      .map(({ days, from, to }) => {
        const [first = 1, last = 7] = [days[0], days.at(-1)];
        const named =
          days.length === 7 ? 'daily' : [...new Set([dayNames[first - 1], dayNames[last - 1]])].join(' to ');
        return `${named} ${from} to ${to}`;
      })
      .join('; '),
    since,
    source,
  ]);
  return paddedTable([['law', 'numbers of', 'hours', 'since', 'source'], ...rows]);
}

const wordEffects = {
  'stop command': 'opts out',
  'stop wording': 'opts out, to be looked at',
  'help command': 'is answered with help',
  'start command': 'opts in again',
  'start yes': 'confirms, takes back a STOP',
  'start confirms': 'confirms',
} as const;
const isEffect = (key: string): key is keyof typeof wordEffects => Object.hasOwn(wordEffects, key);

/** The list of compliance words as docs/compliance.md has to hold it: a line each, as lists are of any length and script. */
export function wordsList(): string {
  const lines = complianceWordLists.map(({ name, kind, means, words, where, since, source }) => {
    const effect = `${kind} ${means}`;
    const holds =
      where === null
        ? 'everywhere'
        : `for numbers of ${where.countries.join(', ')} and in workspaces that speak ${where.languages.join(', ')}`;
    return [
      `- **${name}**: ${words.map((word) => `\`${word}\``).join(', ')}`,
      isEffect(effect) ? wordEffects[effect] : effect,
      holds,
      ...(since === null ? [] : [`since ${since}`]),
      source,
    ].join('; ');
  });
  return `\n${lines.join('\n')}\n\n`;
}

/** The table of events as docs/webhooks.md has to hold it. */
export function eventsTable(): string {
  const rows = eventTypes.map(({ type, title }) => [`\`${type}\``, title]);
  return paddedTable([['type', 'what happened'], ...rows]);
}

/** The table of what is in events' data: types whose data has the same fields stand together. */
export function eventDataTable(): string {
  const fieldsOf = ({ example }: (typeof eventTypes)[number]) =>
    Object.keys(z.record(z.string(), z.unknown()).parse(example))
      .map((field) => `\`${field}\``)
      .join(', ');
  const rows = [...Map.groupBy(eventTypes, fieldsOf)].map(([fields, types]) => {
    const nouns = new Set(types.map(({ type }) => type.split('.')[0]));
    const all = eventTypes.filter(({ type }) => nouns.has(type.split('.')[0]));
    const names = all.length === types.length ? [...nouns].map((noun) => `${noun}.*`) : types.map(({ type }) => type);
    return [names.map((name) => `\`${name}\``).join(', '), fields];
  });
  return paddedTable([['type', '`data`'], ...rows]);
}

const generated = [
  { path: 'docs/operations.md', block: 'settings', table: settingsTable },
  { path: 'docs/providers.md', block: 'providers', table: providersTable },
  { path: 'docs/media.md', block: 'pictures', table: picturesTable },
  { path: 'docs/compliance.md', block: 'rules', table: rulesTable },
  { path: 'docs/compliance.md', block: 'laws', table: lawsTable },
  { path: 'docs/compliance.md', block: 'words', table: wordsList },
  { path: 'docs/webhooks.md', block: 'events', table: eventsTable },
  { path: 'docs/webhooks.md', block: 'event-data', table: eventDataTable },
] as const;

/** `npx pnpm run docs` writes what is generated in the docs. */
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const { path, block, table } of generated) {
    const file = join(repositoryRoot, path);
    const text = readFileSync(file, 'utf8');
    const start = `<!-- ${block}:start -->\n`;
    writeFileSync(
      file,
      text.replace(start + markedBlock(text, block), () => start + table()),
    );
  }
}
